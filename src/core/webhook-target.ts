import ipaddr from 'ipaddr.js';

/**
 * Where deliveries may be sent: by https to public addresses, and anywhere within the networks that the operator allows.
 * `allowed` lists addresses and CIDR ranges, as `10.0.0.0/8`. All answers are a sentence for the caller, or null for no
 * fault.
 */

const portsOutside = ['', '80', '443', '8080', '8443'];

/** Public by its range, but every machine of Azure reaches its host's own services there. */
export const denied: readonly string[] = ['168.63.129.16'];

/** What is assigned to the Internet. Everything else in IPv6 is reserved, also where it carries an IPv4 address. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

type Address = ReturnType<typeof ipaddr.parse>;

const inRange = (address: Address, range: ReturnType<typeof ipaddr.parseCIDR>): boolean =>
  address.kind() === range[0].kind() && address.match(range);

/** Whether an address lies in one of these networks. An IPv4 address that is written as IPv6 lies in no network of IPv4. */
export function liesIn(address: string, networks: readonly string[]): boolean {
  const parsed = ipaddr.parse(address);
  return networks.some((network) => {
    if (network.includes('/')) return inRange(parsed, ipaddr.parseCIDR(network));
    return parsed.toNormalizedString() === ipaddr.parse(network).toNormalizedString();
  });
}

/** Whether a text is an address or a CIDR range. */
export const isNetwork = (text: string): boolean =>
  text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);

/** Whether anybody may be sent to this address: it is public and serves nothing of the machine that sends. */
export function isPublicAddress(address: string): boolean {
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || denied.includes(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || inRange(parsed, globalUnicast);
}

const privateFault =
  'Name a host with a public address; for one of your own network, have it listed in WEBHOOK_ALLOW_NETWORKS.';

function outsideFault({ protocol, port }: URL): string | null {
  if (protocol !== 'https:') return 'Use https; http is for networks that are listed in WEBHOOK_ALLOW_NETWORKS.';
  return portsOutside.includes(port)
    ? null
    : 'Use one of the ports 443, 80, 8080 and 8443; others are for networks that are listed in WEBHOOK_ALLOW_NETWORKS.';
}

/**
 * Whether a host can be one: an address, or a name that DNS can have (RFC 1035, 2.3.4). No look-up finds another. That a URL
 * of another scheme has no host is no fault of the host.
 */
export function isHost(hostname: string): boolean {
  if (hostname === '' || literalOf(hostname) !== null) return true;
  const name = hostname.replace(/\.$/, '');
  return name.length <= 253 && name.split('.').every((label) => label.length >= 1 && label.length <= 63);
}

/** What is wrong with sending to this URL, once its host has been resolved to `address`. */
export function judgeAddress(url: string, address: string, allowed: readonly string[]): string | null {
  if (liesIn(address, allowed)) return null;
  return isPublicAddress(address) ? outsideFault(new URL(url)) : privateFault;
}

/** The address that a host is without being resolved. `URL` has read every spelling of IPv4, as `127.1` and `0x7f.1`. */
function literalOf(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? bare : null;
}

const loopbacks = ['127.0.0.1', '::1'];
const loopbackName = /(?:^|\.)localhost\.?$/;

/** What is wrong with the URL whatever its host is resolved to. */
function shapeFault(url: string): string | null {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return 'Use an address that begins with https:// and names a host.';
  const { username, password } = new URL(url);
  if (`${username}${password}` !== '') return 'Leave user and password out of the address.';
  return url.includes('#') ? 'Leave out the # and what follows it: it is never sent.' : null;
}

/**
 * What is wrong with sending to this URL, as far as that is known before its host is resolved. While networks are allowed, a
 * name may lie in one of them, so that only `judgeAddress` can tell.
 */
export function judgeTarget(url: string, allowed: readonly string[]): string | null {
  const fault = shapeFault(url);
  if (fault !== null) return fault;
  const target = new URL(url);
  const literal = literalOf(target.hostname);
  if (literal !== null) return judgeAddress(url, literal, allowed);
  if (loopbackName.test(target.hostname))
    return loopbacks.some((address) => liesIn(address, allowed)) ? null : privateFault;
  return allowed.length > 0 ? null : outsideFault(target);
}

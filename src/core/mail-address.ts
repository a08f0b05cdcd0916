import { domainToASCII, domainToUnicode } from 'node:url';

const parts = (address: string) => {
  const at = address.lastIndexOf('@') + 1;
  return { mailbox: address.slice(0, at), domain: address.slice(at) };
};

/**
 * The one form of an e-mail address: in lower case, NFC, and with the domain in its own letters. Of what is typed into an
 * e-mail field some browsers send these, and others `xn--` labels.
 */
export function mailAddressForm(address: string): string {
  const lower = address.toLowerCase().normalize('NFC');
  const { mailbox, domain } = parts(lower);
  if (!/(^|\.)xn--/.test(domain)) return lower;
  // Empty where a label encodes nothing.
  const decoded = domainToUnicode(domain);
  return decoded === '' ? lower : `${mailbox}${decoded.normalize('NFC')}`;
}

/** The same address with `xn--` labels, as accounts of 0.2.0 may have been stored. */
export function asciiMailAddress(address: string): string {
  const { mailbox, domain } = parts(address);
  // What is ASCII already stays as it is, also where it is no domain.
  const encoded = /^[!-~]*$/.test(domain) ? domain : domainToASCII(domain);
  return encoded === '' ? address : `${mailbox}${encoded}`;
}

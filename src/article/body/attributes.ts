import type { Warn } from '../warnings.ts';
import {
  type AttributeKind,
  allowedElements,
  attributeKinds,
  globalAttributes,
  linkTypes,
  postClasses,
  refusedIds,
} from './allow-list.ts';
import { checkAttribute, checkUrl } from './budget.ts';
import { cleanCharacters } from './characters.ts';
import { embedAttributes, embedUrl } from './embeds.ts';
import type { BodyElement } from './parse.ts';
import { cleanLink, cleanSrcset, cleanUrl, urlKind } from './urls.ts';

type Attribute = { name: string; value: string };
type Place = { tagName: string; name: string; publicUrl: string; warn: Warn };

const idPattern = /^[\p{L}\p{M}\p{N}_.:-]{1,200}$/u;
/**
 * Kinds whose values are addresses. Addresses have a length limit of their own, so the limit for attributes does not apply.
 */
const addresses: ReadonlySet<AttributeKind> = new Set<AttributeKind>(['link', 'url', 'srcset', 'embed']);
const codeClass = /^language-[\w+#.-]{1,40}$/;

/**
 * The attributes that an allowed element keeps, in the order written, followed by those that it must have. `publicUrl` as
 * for `cleanUrl`.
 */
export function cleanAttributes({ tagName, attrs }: BodyElement, publicUrl: string, warn: Warn): Attribute[] {
  const forced = tagName === 'iframe' ? embedAttributes : [];
  const kept: Attribute[] = [];
  for (const { name, value } of attrs) {
    if (forced.some(([forcedName]) => forcedName === name)) continue;
    const kind = kindOf(tagName, name);
    if (kind === undefined) {
      warn('removed-attribute', `${name} on ${tagName}`);
      continue;
    }
    const clean = cleanValue(kind, cleanCharacters(value, warn), { tagName, name, publicUrl, warn });
    if (clean === null) continue;
    if (!addresses.has(kind)) checkAttribute(clean, name);
    kept.push({ name, value: clean });
  }
  for (const [name, value] of forced) kept.push({ name, value });
  return tagName === 'a' ? withSafeTarget(kept) : kept;
}

/** Own properties only: an attribute may be named `constructor`. */
function kindOf(tagName: string, name: string): AttributeKind | undefined {
  const own = allowedElements[tagName] ?? {};
  if (Object.hasOwn(own, name)) return own[name];
  return Object.hasOwn(globalAttributes, name) ? globalAttributes[name] : undefined;
}

/** Null if the value is removed; the warning has been given by then. */
function cleanValue(kind: AttributeKind, value: string, place: Place): string | null {
  switch (kind) {
    case 'text':
      return value;
    case 'flag':
      return '';
    case 'link':
      return orRemovedUrl(cleanLink(value, place.publicUrl), value, place);
    case 'url':
      return orRemovedUrl(cleanUrl(value, place.publicUrl), value, place);
    case 'srcset':
      return keptCandidates(value, place);
    case 'embed':
      return keptEmbed(value, place);
    case 'rel':
      return keptTokens(value, (token) => linkTypes.has(token.toLowerCase()), place);
    case 'codeClass':
      return keptTokens(value, (token) => codeClass.test(token), place);
    case 'postClass':
      return keptTokens(value, (token) => postClasses.has(token), place);
    case 'id':
      return orRemoved(idPattern.test(value) && !refusedIds.has(value), value, place);
    default:
      return orRemoved(attributeKinds[kind].pattern.test(value), value, place);
  }
}

function orRemoved(isFine: boolean, value: string, { warn, name, tagName }: Place): string | null {
  if (!isFine) warn('removed-attribute', `${name} on ${tagName}`);
  return isFine ? value : null;
}

function orRemovedUrl(clean: string | null, written: string, { warn, name, tagName }: Place): string | null {
  if (clean !== null) checkUrl(written);
  if (clean === null) warn('removed-url', `${urlKind(written)} in ${name} of ${tagName}`);
  return clean;
}

function keptCandidates(value: string, place: Place): string | null {
  const { kept, typed, removed } = cleanSrcset(value, place.publicUrl);
  for (const address of typed) checkUrl(address);
  for (const address of removed) orRemovedUrl(null, address, place);
  if (kept === '' && removed.length === 0) return orRemoved(false, value, place);
  return kept === '' ? null : kept;
}

function keptEmbed(value: string, { warn, tagName }: Place): string | null {
  const embed = embedUrl(value);
  if ('url' in embed) {
    checkUrl(value);
    return embed.url;
  }
  warn(
    'removed-embed',
    embed.refused === null ? `${tagName} without an https URL` : `${tagName} from ${embed.refused}`,
  );
  return null;
}

function keptTokens(value: string, isKept: (token: string) => boolean, place: Place): string | null {
  const tokens = value.split(/\s+/).filter((token) => token !== '');
  const kept = tokens.filter(isKept);
  orRemoved(kept.length === tokens.length, value, place);
  return kept.length === 0 ? null : [...new Set(kept)].join(' ');
}

/** A page opened in a new tab must not be able to reach the page that opened it. */
function withSafeTarget(attributes: Attribute[]): Attribute[] {
  if (!attributes.some(({ name }) => name === 'target')) return attributes;
  const written = attributes.find(({ name }) => name === 'rel')?.value.split(' ') ?? [];
  const rel = [...new Set([...written, 'noopener', 'noreferrer'])].join(' ');
  return [...attributes.filter(({ name }) => name !== 'rel'), { name: 'rel', value: rel }];
}

/** code points, as given and in canonical case: RFC 5646 4.4.1 finds 35 enough for every tag without an extension */
export const languageTagMax = 35;

/**
 * A BCP 47 tag in its canonical form (`BN` is `bn`, `en-us` is `en-US`, the retired `iw` is `he`), or `undefined`.
 * A tag must be well-formed, but its subtags need not be registered. A language of more than three letters is refused:
 * none is registered, and it is a name ("bengali") sent by mistake. An extension or a private use after a language
 * (`bn-u-nu-latn`, `en-x-desk`) is kept, and makes a different language. Private use alone (`x-desk`), irregular old
 * tags (`i-klingon`) and extended languages (`zh-yue`, which is `yue`) are refused, as `Intl` does.
 */
export function canonicalLanguage(tag: string): string | undefined {
  if (tag.length > languageTagMax || !/^[a-z]{2,3}(?:-|$)/i.test(tag)) return undefined;
  try {
    const [canonical] = Intl.getCanonicalLocales(tag);
    return canonical !== undefined && canonical.length <= languageTagMax ? canonical : undefined;
  } catch {
    return undefined;
  }
}

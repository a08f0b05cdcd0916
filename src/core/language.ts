/** code points, as given and in canonical case: RFC 5646 4.4.1 finds 35 enough for every tag without an extension */
export const languageTagMax = 35;

/**
 * A BCP 47 tag in its canonical form (`BN` is `bn`, `en-us` is `en-US`, the retired `iw` is `he`), or `undefined`.
 * Well-formed is enough: whether a subtag is registered is not asked, but a language of more than three letters is
 * refused, since none is registered and it is a name ("bengali") by mistake. An extension or a private use after a
 * language (`bn-u-nu-latn`, `en-x-desk`) is kept, and makes another language of it. Private use alone (`x-desk`),
 * the irregular old tags (`i-klingon`) and extended languages (`zh-yue`, which is `yue`) are refused, as by `Intl`.
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

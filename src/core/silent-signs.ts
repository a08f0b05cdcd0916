/**
 * Signs that may differ between two spellings of one name: ZWJ and ZWNJ, every kind of apostrophe that is not a letter in
 * some script, variation selectors and the keycap. Slugs and identity keys leave them out.
 */
export const silentSigns =
  /[\u200C\u200D'`\u00B4\u02BB\u02BC\u055A\u05F3\u1FBD\u1FBF\u2018\u2019\u201B\u2032\u2035\u275B\u275C\uFF07\uFF40\u20E3\p{Variation_Selector}]/gu;

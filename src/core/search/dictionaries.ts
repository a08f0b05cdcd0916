/** The dictionaries of PostgreSQL's snowball, by language. Bangla has none: its rules are ours. */
const dictionaries: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ar: 'arabic_stem',
    ca: 'catalan_stem',
    da: 'danish_stem',
    de: 'german_stem',
    el: 'greek_stem',
    en: 'english_stem',
    es: 'spanish_stem',
    et: 'estonian_stem',
    eu: 'basque_stem',
    fi: 'finnish_stem',
    fr: 'french_stem',
    ga: 'irish_stem',
    hi: 'hindi_stem',
    hu: 'hungarian_stem',
    hy: 'armenian_stem',
    id: 'indonesian_stem',
    it: 'italian_stem',
    lt: 'lithuanian_stem',
    ne: 'nepali_stem',
    nl: 'dutch_stem',
    no: 'norwegian_stem',
    nb: 'norwegian_stem',
    pt: 'portuguese_stem',
    ro: 'romanian_stem',
    ru: 'russian_stem',
    sr: 'serbian_stem',
    sv: 'swedish_stem',
    ta: 'tamil_stem',
    tr: 'turkish_stem',
    yi: 'yiddish_stem',
  }),
);

/** Languages of Bangla's script. Their foreign words are mostly English. */
const banglaScript: ReadonlySet<string> = new Set(['bn', 'as']);

/** A word that PostgreSQL stems: `ts_lexize(dictionary, word)`; where that gives nothing (a stop word), the word itself. */
export type ForeignWord = { word: string; dictionary: string };

/** The dictionary for words that are not in Bangla's letters. Without a language they are read as English. */
export function dictionaryOf(language: string | undefined): string {
  const primary = language?.split('-')[0]?.toLowerCase() ?? 'en';
  return banglaScript.has(primary) ? 'english_stem' : (dictionaries.get(primary) ?? 'simple');
}

/** How a foreign word is stemmed: looked up in what PostgreSQL gave for it. */
export type StemOf = (word: ForeignWord) => string;

// Bodies that are small to send and much to work on, and honest ones that are long: name, format, text.

const unitsMax = 249_000;
const fill = (piece, units = unitsMax) => piece.repeat(Math.floor(units / piece.length));
const each = (count, piece) => Array.from({ length: count }, (_, index) => piece(index)).join('');
const table = (columns, rows) => `${'a|'.repeat(columns)}\n${'-|'.repeat(columns)}\n${'x\n'.repeat(rows)}`;
const reference = (address, rest) => `[a]: /${'a'.repeat(address)} "${'t'.repeat(1_500)}"\n\n${rest}`;
const sentence = 'উজানের ঢলে নদীর পানি বাড়ছে, তীরের মানুষকে সতর্ক থাকতে বলা হয়েছে। ';
const letters = (units) => fill(sentence, units);

const markdown = [
  ['table 2,000 x 2,000', table(2_000, 2_000)],
  ['table 10,000 x 10,000', table(10_000, 10_000)],
  ['table 140 x 140', table(140, 140)],
  ['tables of one row', fill('a|b\n-|-\n\n')],
  ['rows without a head', fill('|x|\n')],
  ['table in quotes', table(300, 300).replaceAll(/^/gm, '> > ')],
  ['reference named often', reference(1_500, '[a] '.repeat(3_000))],
  ['reference of 5,000 letters', reference(5_000, '[a] '.repeat(2_000))],
  ['picture named often', reference(1_500, '![a] '.repeat(2_000))],
  ['definitions', each(12_000, (index) => `[a${index}]: /x${index}\n`)],
  ['definitions that are used', each(6_000, (index) => `[a${index}]: /x\n`) + fill('[a7] ', 100_000)],
  ['escaped brackets', fill('\\[')],
  ['open brackets', fill('[')],
  ['open pictures', fill('![')],
  ['links', fill('[a](b)')],
  ['addresses', fill('www.a ')],
  ['one long address', `http://a.example/${fill('a', 240_000)}`],
  ['mail addresses', fill('a@b.c ')],
  ['quotes in quotes', fill('> ')],
  ['lists in quotes', fill('> - ')],
  ['lists in lists', each(480, (index) => `${'  '.repeat(index)}- a\n`)],
  ['list items', fill('- a\n')],
  ['emphasis', fill('(_a')],
  ['emphasis in emphasis', fill('*_')],
  ['strikes', fill('~a ')],
  ['runs of backticks', each(700, (length) => `${'`'.repeat(length)}a`)],
  ['open tags', fill('<a ')],
  ['ampersands', fill('&')],
  ['long words', fill('ক')],
];

const html = [
  ['title opened again', `<p><b title="${'a'.repeat(2_000)}">x${'<p>x'.repeat(3_000)}`],
  ['title of 20,000 letters', `<p><b title="${'a'.repeat(20_000)}">x${'<p>x'.repeat(3_000)}`],
  ['tags opened again', fill('<b id=a><i id=b><p>')],
  ['list items opened again', fill('<li><b id=a>')],
  ['900 tags opened again', `${each(90, (index) => `<b id=a${index}>`)}${fill('<p>x', 100_000)}`],
  ['attributes opened again', `<p><b ${each(15_000, (index) => `on${index}=1 `)}>${fill('<p>x', 60_000)}`],
  ['line breaks before a table', `<table>${fill('<br>', 79_000)}`],
  ['elements in elements', fill('<div>')],
  ['foreign elements', fill('<svg>')],
  ['links around paragraphs', fill('<a><p>')],
  ['angle brackets', fill('<')],
  ['60,000 ampersands', '&'.repeat(60_000)],
  ['references to characters', fill('&nbsp;')],
  ['marks', `<p>ক${fill('&#x301;')}`],
  ['candidates', `<img srcset="${fill('/a, ')}">`],
  ['commas', `<img srcset="${fill(',')}x">`],
  ['comments', fill('<!---->')],
  ['as many elements as may be', fill('<br>', 80_000)],
];

const text = [
  ['lines', fill('ক\n')],
  ['paragraphs', fill('ক\n\n')],
  ['ampersands', fill('&')],
];

const honest = [
  ['honest text of 650 KB', 'text', letters(240_000)],
  ['honest html of 650 KB', 'html', fill(`<p>${sentence}</p>\n`, 240_000)],
  ['honest markdown of 650 KB', 'markdown', fill(`**নদী** ${sentence}\n\n`, 240_000)],
  ['honest html of 8 KB', 'html', fill(`<p>${sentence}<a href="https://a.example/b">খ</a></p>\n`, 7_900)],
];

const named = (format, list) => list.map(([name, body]) => ({ name: `${format}: ${name}`, format, body }));

export const bombs = [
  ...named('markdown', markdown),
  ...named('html', html),
  ...named('text', text),
  ...honest.map(([name, format, body]) => ({ name, format, body })),
];

/** Pairs of texts that are long to compare. */
export const pairs = [
  ['diff: one long word', fill('ক'), `${fill('ক', unitsMax - 1)}খ`],
  ['diff: a line for each letter', fill('ক\n', 30_000), fill('খ\n', 30_000)],
  [
    'diff: unlike words',
    each(22_000, (index) => `ক${(index * 7_919) % 99_991} `),
    each(22_000, (index) => `ক${(index * 104_729) % 99_991} `),
  ],
  [
    'diff: lines in another order',
    each(9_000, (index) => `খবর ${index % 97}\n`),
    each(9_000, (index) => `খবর ${index % 89}\n`),
  ],
  ['diff: honest', letters(240_000), letters(240_000).replace('নদীর', 'খালের')],
].map(([name, before, after]) => ({ name, before, after }));

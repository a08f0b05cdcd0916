/** A source of the demonstration newsroom; `slug` is what an article names it by. */
export type DemoSource = { slug: string; name: string; creditLine: string; url?: string; language?: string };

/** Three agencies and the newsroom's own desk; each credit line is shown as written. */
export const demoSources: readonly DemoSource[] = [
  {
    slug: 'reuters',
    name: 'রয়টার্স',
    creditLine: 'সূত্র : রয়টার্স',
    url: 'https://www.reuters.com',
    language: 'en',
  },
  { slug: 'afp', name: 'এএফপি', creditLine: 'সূত্র : এএফপি', url: 'https://www.afp.com', language: 'en' },
  { slug: 'bss', name: 'বাসস', creditLine: 'সূত্র : বাসস', url: 'https://www.bssnews.net', language: 'bn' },
  { slug: 'own-desk', name: 'নিজস্ব প্রতিবেদক', creditLine: 'নিজস্ব প্রতিবেদক', language: 'bn' },
];

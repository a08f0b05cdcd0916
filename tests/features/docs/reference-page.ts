import { type ApiDocument, arrayOf, recordOf } from '../../support/document.ts';

/** The addresses that a page of ours names in `href` and `src`. */
export const addressesIn = (page: string): string[] =>
  [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address = '']) => address);

/** Whether an address in a page leads elsewhere if the page is served under a prefix. */
export const isAbsolute = (address: string): boolean => /^(\/|[a-z]+:)/.test(address);

const link = /<a href="(#[^"]+)" [^>]*title="([^"]+)">.*?aria-label="([^"]+)"><use href="#([\w-]+)"/g;

/** The links of the navigation: address, operation, and what the lock says and looks like. */
export const linksIn = (page: string): string[] =>
  [...page.matchAll(link)].map(([, ...parts]) => parts.join(' | ')).sort();

const lockOf = (security: unknown) => {
  if (JSON.stringify(security) === '[]') return 'Needs no token and reads none';
  const optional = arrayOf(security).some((way) => Object.keys(recordOf(way)).length === 0);
  return optional ? 'Needs no token; one is read if it is sent' : 'Needs a token';
};

/** The links that the navigation must have for a document. */
export const linksFor = ({ operations }: ApiDocument): string[] =>
  operations
    .map(({ said, id, method, path }) => {
      const lock = lockOf(said.security);
      const shape = lock === 'Needs a token' ? 'lock-closed' : 'lock-open';
      return [`#/${arrayOf(said.tags)[0]}/${id}`, `${method.toUpperCase()} ${path}`, lock, shape].join(' | ');
    })
    .sort();

/** The headings behind which a page folds the sections of the guide. */
export const sectionsIn = (page: string): string[] =>
  [...page.matchAll(/<details id="[\w-]+"><summary>(.+?)<\/summary>/g)].map(([, heading = '']) => heading);

/** The headings of the guide in the document. */
export const sectionsOf = ({ root }: ApiDocument): string[] =>
  [...String(recordOf(root.info).description).matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);

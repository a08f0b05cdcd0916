const bangla = "'Noto Sans Bengali', 'Hind Siliguri', 'Kohinoor Bangla', 'Nirmala UI', Vrinda";

/** Bangla needs fonts of its own. None is downloaded: the fonts of the reader's machine are used. */
export const wordFonts = `system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', ${bangla}, sans-serif`;
export const codeFonts = `ui-monospace, 'SF Mono', Menlo, Consolas, monospace, ${bangla}`;

/** The style of the root page and of what it shares with the reference. Bangla needs taller lines. */
export const pagesStyle = `:root { color-scheme: light; --ink: #1f2328; --soft: #59636e; --line: #d8dee4; --accent: #b3261e; --paper: #fbfaf8; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.6 ${wordFonts}; }
[lang='bn'] { line-height: 1.8; }
a { color: var(--accent); }

.home { max-width: 40rem; margin: 0 auto; padding: 12vh 1.5rem 4rem; }
.home h1 { margin: 0 0 1rem; padding-left: 1rem; border-left: .4rem solid var(--accent); font-size: 3rem; line-height: 1.3; }
.home small, .bar small { color: var(--soft); font-size: .5em; font-weight: 400; }
.home nav { display: grid; gap: .75rem; margin-top: 2rem; }
.home nav a { display: grid; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; text-decoration: none; }
.home nav a:is(:hover, :focus-visible) { border-color: var(--accent); }
.home nav span { color: var(--soft); }
`;

/** A small newspaper front page. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#b3261e"/><path fill="#fff" d="M6 7h20v4H6zM6 14h9v11H6zM18 14h8v2.4h-8zM18 18.3h8v2.4h-8zM18 22.6h8V25h-8z"/></svg>
`;

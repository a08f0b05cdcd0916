const bangla = "'Noto Sans Bengali', 'Hind Siliguri', 'Kohinoor Bangla', 'Nirmala UI', Vrinda";
const words = `system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', ${bangla}, sans-serif`;
const code = `ui-monospace, 'SF Mono', Menlo, Consolas, monospace, ${bangla}`;

/** The style of the root and, on top of Swagger UI's own, of the reference: Bangla needs its fonts and taller lines. */
export const pagesStyle = `:root { color-scheme: light; --ink: #1f2328; --soft: #59636e; --line: #d8dee4; --accent: #b3261e; --paper: #fbfaf8; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.6 ${words}; }
[lang='bn'] { line-height: 1.8; }
a { color: var(--accent); }

.home { max-width: 40rem; margin: 0 auto; padding: 12vh 1.5rem 4rem; }
.home h1 { margin: 0 0 1rem; padding-left: 1rem; border-left: .4rem solid var(--accent); font-size: 3rem; line-height: 1.3; }
.home small, .bar small { color: var(--soft); font-size: .5em; font-weight: 400; }
.home nav { display: grid; gap: .75rem; margin-top: 2rem; }
.home nav a { display: grid; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; text-decoration: none; }
.home nav a:is(:hover, :focus-visible) { border-color: var(--accent); }
.home nav span { color: var(--soft); }

.bar { display: flex; gap: 1.5rem; align-items: baseline; padding: .5rem 1.5rem; border-bottom: 1px solid var(--line); background: #fff; }
.bar a:first-child { margin-right: auto; color: var(--ink); font-size: 1.6rem; font-weight: 700; text-decoration: none; }
.notice { max-width: 40rem; margin: 3rem auto; padding: 0 1.5rem; }

#reference .swagger-ui :is(h1, h2, h3, h4, h5, p, li, td, th, label, input, select, button, a, span, section, .info, .opblock-description-wrapper, .opblock-summary-description, .response-col_status) { font-family: ${words}; }
#reference .swagger-ui :is(code, pre, pre span, textarea, .microlight, .opblock-summary-path, .opblock-summary-path span, .opblock-summary-method, .parameter__name, .parameter__type, .parameter__in, .model, .model span, .json-schema-2020-12__title, .json-schema-2020-12-keyword__value) { font-family: ${code}; }
#reference .swagger-ui :is(textarea, pre, .microlight) { font-size: .85rem; font-weight: 500; line-height: 1.7; }
#reference .swagger-ui :is(.markdown, .renderedMarkdown) code { padding: .1em .3em; color: inherit; font-weight: 400; }
#reference .swagger-ui .markdown td { padding: .2rem 0; }
#reference .swagger-ui .info { margin: 2rem 0 1rem; }
#reference .swagger-ui .scheme-container { padding: 1rem 0; box-shadow: none; border-block: 1px solid var(--line); }
`;

/** A front page in small. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#b3261e"/><path fill="#fff" d="M6 7h20v4H6zM6 14h9v11H6zM18 14h8v2.4h-8zM18 18.3h8v2.4h-8zM18 22.6h8V25h-8z"/></svg>
`;

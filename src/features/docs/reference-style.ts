import { codeFonts, wordFonts } from './pages-style.ts';

/** From this width on, the navigation stands beside the content. */
const wideFrom = '56rem';

/** The style of the reference, in addition to that of the pages and of Swagger UI. */
export const referenceStyle = `.bar { position: sticky; top: 0; z-index: 2; display: flex; gap: .25rem 1.25rem; align-items: center; min-height: 3.25rem; box-sizing: border-box; padding: .25rem 1rem; border-bottom: 1px solid var(--line); background: #fff; font-size: .9rem; }
.bar a:first-child { margin-right: auto; color: var(--ink); font-size: 1.4rem; font-weight: 700; text-decoration: none; white-space: nowrap; }
.bar button { padding: .3rem .8rem; border: 1px solid var(--line); border-radius: .3rem; background: #fff; color: var(--ink); font: inherit; }
.notice { margin: 3rem 0; }

#nav { padding: .75rem 1rem 3rem; background: #fff; font-size: .9rem; line-height: 1.4; }
#nav input { width: 100%; box-sizing: border-box; margin-bottom: .5rem; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: .3rem; font: inherit; }
#nav summary { padding: .45rem 0; font-weight: 600; cursor: pointer; }
#nav summary small { color: var(--soft); font-weight: 400; }
#nav ul { margin: 0 0 .5rem; padding: 0; list-style: none; }
#nav a { display: flex; gap: .5rem; align-items: baseline; padding: .3rem .4rem; border-radius: .3rem; color: var(--ink); text-decoration: none; }
#nav a:hover { background: var(--paper); }
#nav a[aria-current] { background: #f9e4e2; }
#nav a b { flex: 0 0 3.4rem; font: 700 .68rem ${codeFonts}; text-transform: uppercase; }
#nav a span { flex: 1; overflow-wrap: anywhere; }
.get { color: #0b5cad; } .post { color: #1a7f37; } .put, .patch { color: #8a5a00; } .delete { color: #b3261e; }
.lock { flex: none; align-self: center; width: .85rem; height: .85rem; fill: none; stroke: var(--soft); stroke-width: 1.6; }

body > svg { position: absolute; }
main { min-width: 0; padding: 1rem 1rem 4rem; }
#guide { max-width: 46rem; scroll-margin-top: 4rem; }
#guide h1 { margin: .5rem 0; }
#guide details { border-top: 1px solid var(--line); scroll-margin-top: 4rem; }
#guide summary { padding: .6rem 0; cursor: pointer; font-size: 1.1rem; font-weight: 600; }
#guide code { padding: .1em .3em; border-radius: .2rem; background: #efedea; font: .88em ${codeFonts}; overflow-wrap: anywhere; }
#guide .table { overflow-x: auto; }
#guide table { border-collapse: collapse; }
#guide :is(td, th) { padding: .3rem 1rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
#access { display: flex; gap: .5rem; align-items: center; margin: 0 0 .75rem; color: var(--soft); }

body[data-view='operation'] #guide, body:not([data-view='operation']) #operation { display: none; }

@media (max-width: ${wideFrom}) {
  body:is([data-view='operation'], [data-view='guide']):not([data-menu]) #nav, body[data-menu] main, body[data-view='start'] .bar button { display: none; }
  .bar a.file { display: none; }
}
@media (min-width: ${wideFrom}) {
  .bar button { display: none; }
  .columns { display: grid; grid-template-columns: 20rem minmax(0, 1fr); }
  #nav { position: sticky; top: 3.25rem; height: calc(100vh - 3.25rem); box-sizing: border-box; overflow-y: auto; border-right: 1px solid var(--line); }
  main { padding: 1.5rem 2.5rem 4rem; }
}

#reference .swagger-ui :is(h1, h2, h3, h4, h5, p, li, td, th, label, input, select, button, a, span, section, .opblock-description-wrapper, .opblock-summary-description, .response-col_status) { font-family: ${wordFonts}; }
#reference .swagger-ui :is(code, pre, pre span, textarea, .microlight, .opblock-summary-path, .opblock-summary-path span, .opblock-summary-method, .parameter__name, .parameter__type, .parameter__in, .model, .model span, .json-schema-2020-12__title, .json-schema-2020-12-keyword__value) { font-family: ${codeFonts}; }
#reference .swagger-ui :is(textarea, pre, .microlight) { font-size: .85rem; font-weight: 500; line-height: 1.7; }
#reference .swagger-ui :is(.markdown, .renderedMarkdown) code { padding: .1em .3em; color: inherit; font-weight: 400; overflow-wrap: anywhere; }
#reference .swagger-ui :is(.opblock-tag, .opblock-control-arrow) { display: none; }
#reference .swagger-ui .wrapper { padding: 0; max-width: none; }
#reference .swagger-ui .auth-wrapper { justify-content: flex-start; align-items: center; gap: .75rem; flex-wrap: wrap; margin-bottom: 1rem; }
#reference .swagger-ui .opblock .opblock-summary-path { max-width: none; overflow-wrap: anywhere; }
@media (max-width: ${wideFrom}) {
  #reference .swagger-ui .opblock-summary-control { flex-wrap: wrap; }
  #reference .swagger-ui .opblock-body { overflow-x: auto; }
  #reference .swagger-ui .opblock-section-header { flex-wrap: wrap; }
  #reference .swagger-ui .try-out { display: flex; gap: .5rem; }
  #reference .swagger-ui .try-out .btn { margin: 0; }
  #reference .swagger-ui table.parameters :is(tbody, tr, td) { display: block; width: auto; }
  #reference .swagger-ui table.parameters thead { display: none; }
  #reference .swagger-ui .parameters-col_description :is(input, select, textarea) { width: 100%; max-width: none; }
  #reference .swagger-ui .auth-container { max-width: 100%; }
}
`;

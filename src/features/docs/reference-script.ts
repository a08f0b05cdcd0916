/**
 * The script of the reference, as the browser gets it. Its calls go to the address that the page came from, whatever the
 * document names, so that they work on any host and under any prefix without CORS. A log-in that is tried here is used
 * for the calls after it.
 */
export const referenceScript = `'use strict';

(async () => {
  const home = new URL('.', location.href);
  const answer = await fetch(new URL('openapi.json', home));
  if (!answer.ok) throw new Error('openapi.json answers ' + answer.status);
  const spec = await answer.json();
  spec.servers = [{ url: home.href.slice(0, -1) }];

  const givesTokens = (url) => ['login', 'refresh', 'me/password'].some((step) => url.endsWith('/v1/auth/' + step));
  const authorize = (token) =>
    ui.authActions.authorizeWithPersistOption({ bearer: { name: 'bearer', schema: spec.components.securitySchemes.bearer, value: token } });

  const ui = SwaggerUIBundle({
    spec,
    dom_id: '#reference',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    persistAuthorization: true,
    tryItOutEnabled: true,
    responseInterceptor: (response) => {
      if (response.ok && response.body?.accessToken && givesTokens(response.url)) authorize(response.body.accessToken);
      return response;
    },
  });
})().catch((error) => {
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.textContent = 'The reference could not be shown: ' + error.message;
  document.getElementById('reference').replaceChildren(notice);
});
`;

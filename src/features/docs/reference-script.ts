/**
 * The script of the reference, as the browser gets it. An address `#/Group/operation` shows that operation, when the page
 * is opened and when the address changes. The viewer is loaded after the page, so that the navigation does not wait for it.
 * Calls go to the address that the page came from, whatever the document names, so that they work on any host and under
 * any prefix without CORS. A log-in that is tried here is used for the calls after it.
 */
export const referenceScript = `'use strict';

(() => {
  const home = new URL('.', location.href);
  const byId = (id) => document.getElementById(id);
  const links = [...document.querySelectorAll('#nav a')];
  const title = document.title;

  const loaded = (element) =>
    new Promise((done, failed) => {
      element.onload = done;
      element.onerror = () => failed(new Error((element.src || element.href) + ' cannot be loaded'));
      document.head.append(element);
    });
  const script = (name) => loaded(Object.assign(document.createElement('script'), { src: new URL('docs/' + name, home) }));
  const style = (name) =>
    loaded(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL('docs/' + name, home) }));

  const readDocument = async () => {
    const answer = await fetch(new URL('openapi.json', home));
    if (!answer.ok) throw new Error('openapi.json answers ' + answer.status);
    return { ...(await answer.json()), servers: [{ url: home.href.slice(0, -1) }] };
  };

  const givesTokens = (url) => ['login', 'refresh', 'me/password'].some((step) => url.endsWith('/v1/auth/' + step));

  // One operation at a time, and words instead of locks that tell whether somebody has logged in.
  const oneOperation = ({ React: { createElement: h } }) => ({
    fn: {
      opsFilter: (groups, id) =>
        groups
          .map((group) => group.update('operations', (operations) => operations.filter((each) => each.getIn(['operation', 'operationId']) === id)))
          .filter((group) => group.get('operations').size > 0),
    },
    components: {
      OneOperation: ({ getComponent }) =>
        h('div', { className: 'swagger-ui' },
          h(getComponent('SvgAssets')),
          h(getComponent('errors', true)),
          h(getComponent('AuthorizeBtnContainer', true)),
          h(getComponent('operations', true))),
      authorizeBtn: ({ isAuthorized, onClick, showPopup, getComponent }) =>
        h('div', { className: 'auth-wrapper' },
          h('span', null, isAuthorized ? 'Your token is sent where one is read.' : 'No token is sent.'),
          h('button', { className: 'btn', onClick }, isAuthorized ? 'Change it' : 'Set a token'),
          isAuthorized ? null : h('a', { href: '#/Auth/login' }, 'or log in'),
          showPopup ? h(getComponent('authorizationPopup', true)) : null),
      authorizeOperationBtn: () => null,
    },
  });

  const openViewer = async () => {
    const [spec] = await Promise.all([readDocument(), script('swagger-ui-bundle.js'), style('swagger-ui.css')]);
    const ui = SwaggerUIBundle({
      dom_id: '#reference',
      presets: [SwaggerUIBundle.presets.apis],
      plugins: [oneOperation],
      layout: 'OneOperation',
      validatorUrl: null,
      filter: 'none',
      defaultModelsExpandDepth: -1,
      displayRequestDuration: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      responseInterceptor: (response) => {
        if (response.ok && response.body?.accessToken && givesTokens(response.url)) {
          const bearer = { name: 'bearer', schema: spec.components.securitySchemes.bearer, value: response.body.accessToken };
          ui.authActions.authorizeWithPersistOption({ bearer });
        }
        return response;
      },
    });
    // As an object, since a text is read as YAML, which takes long.
    ui.specActions.updateJsonSpec(spec);
    ui.specActions.updateLoadingStatus('success');
    return ui;
  };
  let viewer;

  const sayFailure = (error) => {
    byId('reference').replaceChildren(
      Object.assign(document.createElement('p'), { className: 'notice', textContent: 'This cannot be shown: ' + error.message }),
    );
  };

  const addressed = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return '';
    }
  };

  const openMenu = (open) => {
    document.body.toggleAttribute('data-menu', open);
    byId('menu').setAttribute('aria-expanded', String(open));
  };

  const showOperation = async (link) => {
    const { id, group } = link.dataset;
    const lock = link.querySelector('.lock');
    document.title = link.querySelector('span').textContent + ' · ' + title;
    byId('access').replaceChildren(lock.cloneNode(true), lock.getAttribute('aria-label'));
    link.closest('details').open = true;
    link.scrollIntoView({ block: 'nearest' });
    scrollTo(0, 0);
    const ui = await (viewer ??= openViewer());
    if (link.getAttribute('aria-current') !== 'page') return;
    ui.layoutActions.updateFilter(id);
    ui.layoutActions.show(['operations-tag', group], true);
    ui.layoutActions.show(['operations', group, id], true);
  };

  const show = () => {
    const address = addressed();
    const link = links.find((each) => each.dataset.address === address);
    const part = link || address.startsWith('/') ? null : byId(address);
    document.body.dataset.view = link ? 'operation' : part ? 'guide' : 'start';
    document.title = title;
    openMenu(false);
    for (const each of links) each.removeAttribute('aria-current');
    if (link) {
      link.setAttribute('aria-current', 'page');
      showOperation(link).catch(sayFailure);
    } else if (part) {
      if (part.tagName === 'DETAILS') part.open = true;
      part.scrollIntoView();
    } else {
      const group = [...document.querySelectorAll('#nav details')].find((each) => '/' + each.dataset.group === address);
      if (group) group.scrollIntoView();
    }
  };

  const keepMatching = (typed) => {
    const words = typed.toLowerCase().split(' ').filter((word) => word !== '');
    for (const link of links) {
      const text = (link.textContent + ' ' + link.title + ' ' + link.dataset.address).toLowerCase();
      link.parentElement.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of document.querySelectorAll('#nav details')) {
      group.hidden = group.querySelector('li:not([hidden])') === null;
      if (words.length > 0) group.open = true;
    }
  };

  addEventListener('hashchange', show);
  addEventListener('load', () => (viewer ??= openViewer()).catch(sayFailure));
  byId('menu').addEventListener('click', () => openMenu(!document.body.hasAttribute('data-menu')));
  byId('find').addEventListener('input', ({ target }) => keepMatching(target.value));
  byId('nav').addEventListener('click', ({ target }) => {
    const link = target.closest('a');
    if (link && link.hash === location.hash) show();
  });
  show();
})();
`;

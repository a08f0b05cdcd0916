import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { publicUrl, startApp, type TestApp } from '../../support/app.ts';
import { type ApiDocument, readDocument } from '../../support/document.ts';
import { outside } from '../../support/outside.ts';
import { addressesIn, isAbsolute, linksFor, linksIn, sectionsIn, sectionsOf } from './reference-page.ts';

const { openApiYaml } = outside;

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { version, dependencies, devDependencies } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const kept = 'public, max-age=300';
const vary = 'Accept, Authorization, Origin';

let app: TestApp;
let document: ApiDocument;
let page: string;
beforeAll(async () => {
  app = await startApp();
  document = await readDocument(app);
  page = (await get('/docs')).text;
});
afterAll(() => app.close());

const get = (path: string) => app.request('get', path);
const file = (name: string) => get(`/docs/${name}`).buffer(true);
/** An answer with this media type. */
const typed = (path: string, type: string, accept = '*/*') =>
  get(path).set('Accept', accept).buffer(true).expect(200).expect('Content-Type', `${type}; charset=utf-8`);

describe('GET /openapi.json and /openapi.yaml', () => {
  it('give the same document, under the address that readers use', async () => {
    const json = await typed('/openapi.json', 'application/json');
    const yaml = await typed('/openapi.yaml', 'application/yaml');
    expect(parse(yaml.text)).toEqual(json.body);
    expect(json.body.servers).toEqual([{ url: publicUrl }]);
    expect(json.body.openapi).toBe('3.1.0');
  });

  it('say what the openapi.yaml of the sources says, whatever the environment is', async () => {
    const { servers: _, ...served } = document.root;
    const { servers, ...committed } = parse(await openApiYaml());
    expect(committed).toEqual(served);
    expect(servers).toEqual([{ url: 'http://localhost:3000' }]);
  });

  it('hold themselves, the root and the reference', async () => {
    const { paths } = (await get('/openapi.json')).body;
    expect(paths).toMatchObject({ '/openapi.json': {}, '/docs': {}, '/docs/{file}': {} });
    expect(paths['/openapi.yaml'].get.security).toEqual([]);
    expect(Object.keys(paths['/'].get.responses['200'].content)).toEqual(['application/json', 'text/html']);
  });

  it('can be kept: a strong ETag, five minutes, 304', async () => {
    for (const path of ['/openapi.json', '/openapi.yaml']) {
      const first = await get(path).expect('Cache-Control', kept);
      await get(path).set('If-None-Match', String(first.headers.etag)).expect(304);
    }
  });

  it('need no token and do not look at one', async () => {
    await get('/openapi.json').set('Authorization', 'Bearer nonsense').expect(200).expect('Cache-Control', kept);
  });

  it('bear the version of the program', () => {
    expect(document.root.info).toMatchObject({ version });
  });
});

describe('GET /', () => {
  it('gives a client the addresses under PUBLIC_URL', async () => {
    for (const accept of ['*/*', 'application/json', '', 'text/html;q=0.1, application/json']) {
      const { body } = await typed('/', 'application/json', accept);
      expect(body).toEqual({
        name: 'Khobor',
        reference: `${publicUrl}/docs`,
        openapiJson: `${publicUrl}/openapi.json`,
        openapiYaml: `${publicUrl}/openapi.yaml`,
        latest: `${publicUrl}/v1/latest`,
        liveness: `${publicUrl}/livez`,
      });
    }
  });

  it('gives a browser a page whose links hold under any prefix', async () => {
    const { text, headers } = await typed('/', 'text/html', browser);
    expect(text).toContain('<span lang="bn">খবর</span>');
    const addresses = addressesIn(text);
    expect(addresses).toEqual(expect.arrayContaining(['docs', 'openapi.json', 'openapi.yaml', 'v1/latest', 'livez']));
    expect(addresses.filter(isAbsolute)).toEqual([]);
    for (const address of addresses) await get(`/${address}`).expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });

  it('tells caches that the two differ', async () => {
    const json = await get('/').set('Accept', '*/*').expect('Vary', vary);
    const html = await get('/').set('Accept', browser).expect('Vary', vary);
    expect(html.headers.etag).not.toBe(json.headers.etag);
    const again = (tag: string | undefined) => get('/').set('Accept', browser).set('If-None-Match', String(tag));
    await again(json.headers.etag).expect(200);
    await again(html.headers.etag).expect(304).expect('Vary', vary);
  });
});

describe('GET /docs', () => {
  it('is a page made of files of this server, with no script in it', async () => {
    const { text, headers } = await typed('/docs', 'text/html');
    const addresses = addressesIn(text);
    expect(addresses.filter(isAbsolute)).toEqual([]);
    for (const address of addresses.filter((each) => !each.startsWith('#')))
      await get(new URL(address, 'http://host/docs').pathname).expect(200);
    expect(text).not.toMatch(/<script(?! src=)|\son\w+=|style=/);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    await get('/docs').set('If-None-Match', String(headers.etag)).expect(304);
  });

  it('leads to every operation of the document before any script runs, each behind the lock that it has', async () => {
    const wanted = linksFor(document);
    expect(linksIn(page)).toEqual(wanted);
    expect(new Set(wanted.map((line) => line.split(' | ')[2])).size).toBe(3);
  });

  it('folds every section of the guide behind its heading, below what the navigation leads to', async () => {
    expect(sectionsIn(page)).toEqual(sectionsOf(document));
    expect(page.indexOf('<nav id="nav"')).toBeLessThan(page.indexOf('<section id="guide"'));
  });

  it('names no other host in what we write for it', async () => {
    const guide = page.slice(page.indexOf('<section id="guide"'), page.indexOf('<section id="operation"'));
    const ours = await Promise.all(['reference.js', 'reference.css', 'docs.css'].map((name) => file(name)));
    for (const text of [page.replace(guide, ''), ...ours.map((answer) => answer.text)]) {
      expect(text.length).toBeGreaterThan(500);
      expect(text.match(/(?:https?:)?\/\/[a-z0-9-]+\./gi)).toBeNull();
    }
    expect(guide).not.toMatch(/(?:src|href)="(?!#|openapi)/);
  });

  it('serves the viewer of the package that the lockfile pins, as the build copied it', async () => {
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
      const served = await file(name);
      expect(served.text === readFileSync(join(folder, name), 'utf8')).toBe(true);
      expect(readFileSync(join(checkout, 'dist/viewer', name), 'utf8') === served.text).toBe(true);
    }
    expect(devDependencies).toHaveProperty('swagger-ui-dist');
    expect(dependencies).not.toHaveProperty('swagger-ui-dist');
  });

  it('keeps the strict policy everywhere else', async () => {
    for (const path of ['/openapi.json', '/livez', '/docs/reference.js'])
      await get(path).expect('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  });

  it.each([
    ['swagger-ui.css', 'text/css; charset=utf-8', 100_000],
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8', 1_000_000],
    ['reference.js', 'text/javascript; charset=utf-8', 500],
    ['reference.css', 'text/css; charset=utf-8', 500],
    ['docs.css', 'text/css; charset=utf-8', 500],
    ['favicon.svg', 'image/svg+xml', 100],
  ])('serves %s as %s, to be kept', async (name, type, bytesMin) => {
    const { headers } = await file(name).expect(200).expect('Content-Type', type).expect('Cache-Control', kept);
    expect(Number(headers['content-length'])).toBeGreaterThan(bytesMin);
    await file(name).set('If-None-Match', String(headers.etag)).expect(304);
    await app.request('head', `/docs/${name}`).expect(200).expect('Content-Length', String(headers['content-length']));
  });

  const elsewhere = ['package.json', 'index.html', '..%2fpackage.json', '%2e%2e%2fpackage.json', '__proto__'];
  const alike = ['swagger-ui-bundle.js.map', 'SWAGGER-UI.CSS', 'swagger-ui.css%00'];
  it.each([...elsewhere, ...alike])('has no file %s', async (name) => {
    const { body } = await file(name).expect(404);
    expect(body.code).toBe('not-found');
  });

  it('is at its exact address only', async () => {
    await get('/docs/').expect(404);
    await get('/Docs').expect(404);
    await app.request('post', '/docs').expect(405).expect('Allow', 'GET, HEAD, OPTIONS');
  });
});

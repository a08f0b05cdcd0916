import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { allowedElements } from '../../../src/article/body/allow-list.ts';
import { publicUrl, startApp, type TestApp } from '../../support/app.ts';
import { arrayOf, readDocument, recordOf } from '../../support/document.ts';
import { outside } from '../../support/outside.ts';

const { openApiYaml } = outside;

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** The addresses that a page of ours names in `href` and `src`. */
const addressesIn = (html: string) => [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address = '']) => address);

describe('GET /openapi.json and /openapi.yaml', () => {
  it('give the same document, under the address that readers use', async () => {
    const json = await app
      .request('get', '/openapi.json')
      .expect(200)
      .expect('Content-Type', 'application/json; charset=utf-8');
    const yaml = await app
      .request('get', '/openapi.yaml')
      .expect(200)
      .buffer(true)
      .expect('Content-Type', 'application/yaml; charset=utf-8');
    expect(parse(yaml.text)).toEqual(json.body);
    expect(json.body.servers).toEqual([{ url: publicUrl }]);
    expect(json.body.openapi).toBe('3.1.0');
  });

  it('say what the openapi.yaml of the sources says, whatever the environment is', async () => {
    const { servers: _, ...served } = (await app.request('get', '/openapi.json')).body;
    const { servers, ...committed } = parse(await openApiYaml());
    expect(committed).toEqual(served);
    expect(servers).toEqual([{ url: 'http://localhost:3000' }]);
  });

  it('hold themselves, the root and the reference', async () => {
    const { body } = await app.request('get', '/openapi.json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/', '/openapi.json', '/openapi.yaml', '/docs', '/docs/{file}']),
    );
    expect(body.paths['/openapi.yaml'].get.security).toEqual([]);
    expect(Object.keys(body.paths['/'].get.responses['200'].content)).toEqual(['application/json', 'text/html']);
  });

  it('can be kept: a strong ETag, five minutes, 304', async () => {
    for (const path of ['/openapi.json', '/openapi.yaml']) {
      const first = await app.request('get', path).expect('Cache-Control', 'public, max-age=300');
      await app.request('get', path).set('If-None-Match', String(first.headers.etag)).expect(304);
    }
  });

  it('need no token and do not look at one', async () => {
    await app
      .request('get', '/openapi.json')
      .set('Authorization', 'Bearer nonsense')
      .expect(200)
      .expect('Cache-Control', 'public, max-age=300');
  });

  it('bear the version of the program', async () => {
    const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
    const { body } = await app.request('get', '/openapi.json');
    expect(body.info.version).toBe(version);
  });

  it('name every code of a failure and every element that a body keeps', async () => {
    const { description } = (await app.request('get', '/openapi.json')).body.info;
    const src = join(checkout, 'src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.includes('generated'),
    );
    const made = /(?:conflict|unprocessable)\(\s*'([\w-]+)'|new Failure\(\s*'\w+',\s*'([\w-]+)'/g;
    const codes = files.flatMap((file) =>
      [...readFileSync(join(src, file), 'utf8').matchAll(made)].map((match) => match[1] ?? match[2]),
    );
    expect(codes.length).toBeGreaterThan(20);
    expect([...new Set(codes)].filter((code) => !description.includes(`\`${code}\``))).toEqual([]);
    expect(Object.keys(allowedElements).filter((name) => !description.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('GET /', () => {
  it('gives a client the addresses under PUBLIC_URL', async () => {
    for (const accept of ['*/*', 'application/json', '', 'text/html;q=0.1, application/json']) {
      const { body } = await app
        .request('get', '/')
        .set('Accept', accept)
        .expect(200)
        .expect('Content-Type', 'application/json; charset=utf-8');
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
    const { text, headers } = await app
      .request('get', '/')
      .set('Accept', browser)
      .expect(200)
      .expect('Content-Type', 'text/html; charset=utf-8');
    expect(text).toContain('<span lang="bn">খবর</span>');
    const addresses = addressesIn(text);
    expect(addresses).toEqual(expect.arrayContaining(['docs', 'openapi.json', 'openapi.yaml', 'v1/latest', 'livez']));
    expect(addresses.filter((address) => /^(\/|[a-z]+:)/.test(address))).toEqual([]);
    for (const address of addresses) await app.request('get', `/${address}`).expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });

  it('tells caches that the two differ', async () => {
    const json = await app.request('get', '/').set('Accept', '*/*').expect('Vary', 'Accept, Authorization, Origin');
    const html = await app.request('get', '/').set('Accept', browser).expect('Vary', 'Accept, Authorization, Origin');
    expect(html.headers.etag).not.toBe(json.headers.etag);
    await app.request('get', '/').set('Accept', browser).set('If-None-Match', String(json.headers.etag)).expect(200);
    await app
      .request('get', '/')
      .set('Accept', browser)
      .set('If-None-Match', String(html.headers.etag))
      .expect(304)
      .expect('Vary', 'Accept, Authorization, Origin');
  });
});

describe('GET /docs', () => {
  it('is a page made of files of this server, with no script in it', async () => {
    const { text, headers } = await app
      .request('get', '/docs')
      .expect(200)
      .expect('Content-Type', 'text/html; charset=utf-8');
    const addresses = addressesIn(text);
    expect(addresses.filter((address) => /^(\/|[a-z]+:)/.test(address))).toEqual([]);
    for (const address of addresses.filter((each) => !each.startsWith('#')))
      await app.request('get', new URL(address, 'http://host/docs').pathname).expect(200);
    expect(text).not.toMatch(/<script(?! src=)|\son\w+=|style=/);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    await app.request('get', '/docs').set('If-None-Match', String(headers.etag)).expect(304);
  });

  it('leads to every operation of the document before any script runs, each behind the lock that it has', async () => {
    const { text } = await app.request('get', '/docs');
    const { operations } = await readDocument(app);
    const says = (security: unknown) => {
      if (JSON.stringify(security) === '[]') return 'Needs no token and reads none';
      const optional = arrayOf(security).some((way) => Object.keys(recordOf(way)).length === 0);
      return optional ? 'Needs no token; one is read if it is sent' : 'Needs a token';
    };
    const shape = (said: string) => (said === 'Needs a token' ? 'lock-closed' : 'lock-open');
    const wanted = operations.map(({ said, id, method, path }) => {
      const lock = says(said.security);
      return [`#/${arrayOf(said.tags)[0]}/${id}`, `${method.toUpperCase()} ${path}`, lock, shape(lock)].join(' | ');
    });
    const link = /<a href="(#[^"]+)" [^>]*title="([^"]+)">.*?aria-label="([^"]+)"><use href="#([\w-]+)"/g;
    const shown = [...text.matchAll(link)].map(([, ...parts]) => parts.join(' | '));
    expect(shown.sort()).toEqual(wanted.sort());
    expect(new Set(wanted.map((line) => line.split(' | ')[2])).size).toBe(3);
  });

  it('folds every section of the guide behind its heading, below what the navigation leads to', async () => {
    const { text } = await app.request('get', '/docs');
    const { description } = (await app.request('get', '/openapi.json')).body.info;
    const headings = [...description.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const folded = [...text.matchAll(/<details id="[\w-]+"><summary>(.+?)<\/summary>/g)].map(([, heading]) => heading);
    expect(folded).toEqual(headings);
    expect(text.indexOf('<nav id="nav"')).toBeLessThan(text.indexOf('<section id="guide"'));
  });

  it('names no other host in what we write for it', async () => {
    const { text: page } = await app.request('get', '/docs');
    const guide = page.slice(page.indexOf('<section id="guide"'), page.indexOf('<section id="operation"'));
    const ours = await Promise.all(
      ['reference.js', 'reference.css', 'docs.css'].map(async (name) => {
        const file = await app.request('get', `/docs/${name}`).buffer(true);
        return file.text;
      }),
    );
    for (const text of [page.replace(guide, ''), ...ours]) {
      expect(text.length).toBeGreaterThan(500);
      expect(text.match(/(?:https?:)?\/\/[a-z0-9-]+\./gi)).toBeNull();
    }
    expect(guide).not.toMatch(/(?:src|href)="(?!#|openapi)/);
  });

  it('serves the viewer of the package that the lockfile pins, as the build copied it', async () => {
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
      const served = await app.request('get', `/docs/${name}`).buffer(true);
      expect(served.text === readFileSync(join(folder, name), 'utf8')).toBe(true);
      expect(readFileSync(join(checkout, 'dist/viewer', name), 'utf8') === served.text).toBe(true);
    }
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
    expect(devDependencies).toHaveProperty('swagger-ui-dist');
    expect(dependencies).not.toHaveProperty('swagger-ui-dist');
  });

  it('keeps the strict policy everywhere else', async () => {
    for (const path of ['/openapi.json', '/livez', '/docs/reference.js']) {
      await app.request('get', path).expect('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    }
  });

  it.each([
    ['swagger-ui.css', 'text/css; charset=utf-8', 100_000],
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8', 1_000_000],
    ['reference.js', 'text/javascript; charset=utf-8', 500],
    ['reference.css', 'text/css; charset=utf-8', 500],
    ['docs.css', 'text/css; charset=utf-8', 500],
    ['favicon.svg', 'image/svg+xml', 100],
  ])('serves %s as %s, to be kept', async (name, type, bytesMin) => {
    const file = await app
      .request('get', `/docs/${name}`)
      .expect(200)
      .expect('Content-Type', type)
      .expect('Cache-Control', 'public, max-age=300');
    expect(Number(file.headers['content-length'])).toBeGreaterThan(bytesMin);
    await app.request('get', `/docs/${name}`).set('If-None-Match', String(file.headers.etag)).expect(304);
    await app
      .request('head', `/docs/${name}`)
      .expect(200)
      .expect('Content-Length', String(file.headers['content-length']));
  });

  it.each([
    'package.json',
    'index.html',
    'swagger-ui-bundle.js.map',
    'SWAGGER-UI.CSS',
    '__proto__',
    '..%2fpackage.json',
    '%2e%2e%2fpackage.json',
    'swagger-ui.css%00',
  ])('has no file %s', async (name) => {
    const { body } = await app.request('get', `/docs/${name}`).expect(404);
    expect(body.code).toBe('not-found');
  });

  it('is at its exact address only', async () => {
    await app.request('get', '/docs/').expect(404);
    await app.request('get', '/Docs').expect(404);
    await app.request('post', '/docs').expect(405).expect('Allow', 'GET, HEAD, OPTIONS');
  });
});

import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Express } from 'express';
import { methodNotAllowed, notFound } from '../core/errors.ts';
import { patiently } from '../core/patience.ts';
import { mergePatchTypes } from './body.ts';
import { type Endpoint, isKeepable, type Method } from './endpoint.ts';
import { sendProblem } from './problem.ts';
import { type Platform, serve } from './serve.ts';
import { endAnswer } from './server/linger.ts';

/** Sorts static segments before parameters, so that `/articles/bulk` is never read as the slug `bulk`. */
const bySpecificity = (a: string, b: string) => {
  const key = (path: string) => path.replaceAll(/\{\w+\}/g, '\uffff');
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
};

/** Whether a pattern matches a path. */
function covers(pattern: string, path: string): boolean {
  const segments = path.split('/');
  const own = pattern.split('/');
  return own.length === segments.length && own.every((one, index) => one.startsWith('{') || one === segments[index]);
}

/** Express tries paths in order, so readers' routes come first, along with the static paths that they must not hide. */
function inOrder(endpoints: readonly Endpoint[]): string[] {
  const paths = [...new Set(endpoints.map(({ path }) => path))].sort(bySpecificity);
  const asked = endpoints.filter(isKeepable);
  const early = paths.filter((path) => asked.some((endpoint) => covers(endpoint.path, path)));
  return [...new Set([...early, ...paths])];
}

const allowed = (methods: readonly Method[]): string[] => [
  ...methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  'OPTIONS',
];

/** Adds the routes to Express: each path with its methods, 405 with `Allow` for other methods, 404 for other paths. */
export function mount(app: Express, endpoints: readonly Endpoint[], platform: Platform): void {
  const fail = (res: ServerResponse, thrown: unknown) => {
    const exchange = platform.exchanges.of(res);
    exchange.error = thrown;
    if (!res.headersSent)
      sendProblem(res, thrown, exchange.requestId, exchange.actorId === undefined ? platform.keysHeader : undefined);
    else res.destroy();
  };
  for (const path of inOrder(endpoints)) {
    const here = endpoints.filter((endpoint) => endpoint.path === path);
    const route = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const endpoint of here) {
      route[endpoint.method]((req, res) => {
        const served = () => serve(endpoint, platform, req, res);
        const done = endpoint.method === 'get' ? served() : patiently(served);
        return done.catch((thrown: unknown) => fail(res, thrown)).finally(() => platform.exchanges.of(res).release?.());
      });
    }
    const allow = allowed(here.map(({ method }) => method));
    route.options((_req, res) => {
      res.statusCode = 204;
      res.setHeader('Allow', allow.join(', '));
      if (allow.includes('PATCH')) res.setHeader('Accept-Patch', mergePatchTypes.join(', '));
      endAnswer(res);
    });
    route.all((_req, res) => fail(res, methodNotAllowed(allow)));
  }
  app.use((_req, res) => fail(res, notFound('There is no such address.')));
  const onError: ErrorRequestHandler = (thrown: unknown, _req, res, _next) => fail(res, thrown);
  app.use(onError);
}

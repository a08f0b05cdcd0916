import { createServer } from 'node:http';
import express from 'express';

// What hot reads are measured against: the same bytes and headers from a Map, by bare node:http or by bare Express. It takes
// the answers from the server at FROM: `node bare.mjs http|express '["/v1/latest"]'`.

const [, , kind, pathsJson] = process.argv;
const { FROM, PORT } = process.env;
/** What Node writes by itself. */
const own = ['date', 'connection', 'keep-alive', 'content-length'];

const headersOf = (response) => [...response.headers].filter(([name]) => !own.includes(name)).flat();
const ask = (path, headers) => fetch(FROM + path, { headers: { 'accept-encoding': 'identity', ...headers } });

const answers = new Map();
for (const path of JSON.parse(pathsJson)) {
  const response = await ask(path);
  const body = Buffer.from(await response.arrayBuffer());
  const etag = response.headers.get('etag');
  answers.set(path, {
    headers: [...headersOf(response), 'Content-Length', String(body.length)],
    unchanged: headersOf(await ask(path, { 'if-none-match': etag })),
    body,
    etag,
  });
}

function serve(req, res) {
  const found = answers.get(req.url);
  if (found === undefined) {
    res.writeHead(404);
    res.end();
  } else if (req.headers['if-none-match'] === found.etag) {
    res.writeHead(304, found.unchanged);
    res.end();
  } else {
    res.writeHead(200, found.headers);
    res.end(found.body);
  }
}

if (kind === 'http') createServer(serve).listen(Number(PORT), '127.0.0.1');
else {
  const app = express();
  app.disable('x-powered-by');
  app.get('/v1/latest', serve);
  app.get('/v1/articles/:slug', serve);
  app.listen(Number(PORT), '127.0.0.1');
}

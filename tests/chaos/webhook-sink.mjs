import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

// A process that receives webhooks, written after the text of Standard Webhooks alone. Its parent says how each path
// answers (`{ path, secrets, share, silent }`), asks for what came (`{ take: path }`) and for its processor time (`{ cpu }`).

const answerMs = 2;
const toleranceS = 5 * 60;

/** Whether the body was signed with one of the secrets: HMAC-SHA256 of `id.timestamp.body`, in base64 behind `v1,`. */
function isSigned({ headers, body }, secrets) {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  );
  if (!id || !/^\d+$/.test(timestamp ?? '') || !signatures) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceS) return false;
  const expected = secrets.map((secret) =>
    createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest(),
  );
  return signatures.split(' ').some((signature) => {
    const [version, value] = signature.split(',');
    const given = Buffer.from(value ?? '', 'base64');
    return version === 'v1' && expected.some((one) => given.length === one.length && timingSafeEqual(one, given));
  });
}

const paths = new Map();

const server = createServer((req, res) => {
  const at = Date.now();
  const known = paths.get(req.url);
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (part) => {
    body += part;
  });
  req.once('end', () => {
    if (known === undefined) return res.writeHead(404).end();
    if (known.silent) return undefined;
    known.now += 1;
    known.most = Math.max(known.most, known.now);
    const { op, id, slug, version, position, event, item } = JSON.parse(body);
    const status = Math.random() < known.share ? 500 : 204;
    const signed = isSigned({ headers: req.headers, body }, known.secrets);
    const delivery = req.headers['webhook-id'];
    known.came.push({
      at,
      status,
      signed,
      delivery,
      op,
      id,
      slug,
      version,
      position,
      event: event?.id,
      title: item?.title,
    });
    return setTimeout(() => {
      known.now -= 1;
      res.writeHead(status).end();
    }, answerMs);
  });
});

process.on('message', ({ take, cpu, ...how }) => {
  if (take !== undefined) {
    const { came = [], most = 0 } = paths.get(take) ?? {};
    process.send({ came, most });
  } else if (cpu) {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMs: (user + system) / 1000 });
  } else {
    paths.set(how.path, { came: [], now: 0, most: 0, share: 0, silent: false, ...paths.get(how.path), ...how });
    process.send({ ok: true });
  }
});

// The end of its parent is its own.
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

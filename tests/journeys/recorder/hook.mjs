// Loaded into the program with `--import`: notes the statements that it sends, and runs SQL for the recorder.
import pg from 'pg';

const statements = new Set();
const ours = new WeakSet();
const send = pg.Client.prototype.query;
let connection;

pg.Client.prototype.query = function query(...given) {
  if (!ours.has(this)) {
    const { database, host, password, port, user } = this.connectionParameters;
    connection = { database, host, password, port, user };
    const [asked] = given;
    const { name = '', text = '' } = typeof asked === 'string' ? { text: asked } : asked;
    statements.add(`${name}\t${text.replaceAll(/\s+/g, ' ').trim()}`);
  }
  return Reflect.apply(send, this, given);
};

let client;
async function run(sql, values) {
  if (client === undefined) {
    client = new pg.Client(connection);
    ours.add(client);
    client.on('error', () => {});
    await client.connect();
  }
  return (await client.query(sql, values)).rows;
}

process.on('message', async ({ id, sql, values }) => {
  try {
    process.send({ id, answer: sql === undefined ? [...statements] : await run(sql, values) });
  } catch (error) {
    process.send({ id, fault: String(error) });
  }
});
process.channel?.unref();

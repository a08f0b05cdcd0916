import { once } from 'node:events';

// COPY … FROM STDIN over a `pg` client, by the protocol's own messages.

const escapes = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const cell = (value) => (value === null ? '\\N' : String(value).replace(/[\\\t\n\r]/g, (sign) => escapes[sign]));

/** What `pg` calls while the COPY runs: sends the rows when the server is ready for them. */
class Copy {
  constructor(text, chunks) {
    this.text = text;
    this.chunks = chunks;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection) {
    connection.query(this.text);
  }

  handleCopyInResponse(connection) {
    this.send(connection).catch((error) => connection.sendCopyFail(error.message));
  }

  async send(connection) {
    for (const chunk of this.chunks) {
      connection.sendCopyFromChunk(Buffer.from(chunk));
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    }
    connection.endCopyFrom();
  }

  handleCommandComplete() {}

  handleError(error) {
    this.reject(error);
  }

  handleReadyForQuery() {
    this.resolve();
  }
}

const rowsPerChunk = 200;

/** Copies rows (arrays in the order of the columns) into a table. */
export async function copyRows(client, table, columns, rows) {
  const chunks = [];
  for (let from = 0; from < rows.length; from += rowsPerChunk) {
    const part = rows.slice(from, from + rowsPerChunk);
    chunks.push(`${part.map((row) => row.map(cell).join('\t')).join('\n')}\n`);
  }
  const copy = new Copy(`COPY ${table} (${columns.join(', ')}) FROM STDIN`, chunks);
  client.query(copy);
  await copy.done;
}

import type { FirstAccount } from './bootstrap.ts';

/** What the console says once calls are served: the address, the first account, three calls that work when pasted. */
export function welcome(house: {
  url: string;
  port: number;
  dataDir: string | null;
  account: FirstAccount | null;
  articles: number;
}): string {
  const { url, dataDir, account, articles } = house;
  const lines = ['', `Khobor answers at ${url} (reference: ${url}/docs)`];
  if (dataDir !== null) lines.push(`Its data is in ${dataDir}`);
  if (articles > 0) lines.push(`A demonstration newsroom of ${articles} articles was made`);
  if (account !== null)
    lines.push(
      '',
      `The first account: ${account.email}  ${account.generated ? account.password : '(the password you gave)'}`,
    );
  if (dataDir !== null) lines.push('', ...calls(url, account));
  return `${lines.join('\n')}\n`;
}

function calls(url: string, account: FirstAccount | null): string[] {
  const email = account?.email ?? '<your e-mail address>';
  const password = account?.generated ? account.password : '<your password>';
  return [
    'Read the latest list:',
    `  curl -s '${url}/v1/latest?limit=3'`,
    'Log in:',
    `  TOKEN=$(curl -s ${url}/v1/auth/login -H 'Content-Type: application/json' -d '{"email":"${email}","password":"${password}"}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
    'Publish an article:',
    `  curl -s ${url}/v1/articles -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"title":"আজকের প্রথম খবর","body":"<p>এটি একটি পরীক্ষামূলক খবর।</p>","status":"published"}'`,
  ];
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Why the process could not start, in one line without secrets. */
export function explain(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EADDRINUSE') return `${message.replace(/^listen EADDRINUSE: /, '')}; set PORT to a free port`;
  if (code === 'EACCES') return `${message}; set PORT to one that this user may open`;
  if (code === '28P01') return 'DATABASE_URL: the server refuses this user and password';
  if (code === '3D000') return 'DATABASE_URL: the server has no such database';
  if (/SSL|certificate|self.signed/i.test(message)) return `DATABASE_URL: sslmode: ${message}`;
  if (/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|timeout/.test(`${code} ${message}`))
    return `DATABASE_URL: the server cannot be reached (${code || message})`;
  return message.split('\n', 1)[0] ?? 'unknown';
}

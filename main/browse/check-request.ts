import type { IncomingMessage } from 'node:http';

/** Why a request is refused before its content is examined. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415;
  readonly message: string;
}

/** Names by which a browser on this machine reaches us. Any other is a name somebody pointed here (DNS rebinding). */
function origins(port: number): readonly string[] {
  return [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
}

/** Checks that the request's `Host` is ours, including the port. */
export function checkHost({ headers }: IncomingMessage, port: number): Refusal | null {
  const host = headers.host ?? '';
  if (origins(port).includes(`http://${host}`)) return null;
  return { status: 403, message: `This server answers to 127.0.0.1:${port} and to no other name.` };
}

/**
 * Rejects pages of other origins. A browser reports a request's origin in `Sec-Fetch-Site` and `Origin`; without either it is not a
 * browser, or an old one, and needs the cookie all the same.
 * @param typed the address may come from a person (a page), not only from our own page (a call)
 */
export function checkOrigin({ headers }: IncomingMessage, port: number, typed: boolean): Refusal | null {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const foreign: Refusal = { status: 403, message: 'The request comes from another page.' };
  if (origin !== undefined && origin !== `http://${headers.host ?? ''}`) return foreign;
  if (origin !== undefined && !origins(port).includes(origin)) return foreign;
  if (site === undefined || site === 'same-origin') return null;
  return typed && site === 'none' ? null : foreign;
}

/** A call is JSON, which no form sends. */
export function checkCall({ headers }: IncomingMessage): Refusal | null {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return type === 'application/json' ? null : { status: 415, message: 'A call is sent as application/json.' };
}

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './check-request.ts';

const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{margin:0;min-height:100vh;display:grid;place-items:center}main{max-width:34rem;padding:2rem}h1{font-size:1.15rem;margin:0 0 .5rem}p{margin:0}`;
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Sends a refusal: a small page to a person, a line of text to anything else. */
export function refuse(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { status, message }: Refusal,
): void {
  const isPerson = headers['sec-fetch-dest'] === 'document';
  if (isPerson) response.setHeader('content-security-policy', POLICY);
  response.writeHead(status, { 'content-type': `text/${isPerson ? 'html' : 'plain'}; charset=utf-8` });
  response.end(isPerson ? page(message) : `${message}\n`);
}

function page(message: string): string {
  // Only our own text, but a page is no place to rely on that.
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Session Log</title><style>${STYLE}</style><main><h1>Session Log</h1><p>${text}</p></main></html>\n`;
}

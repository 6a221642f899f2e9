import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SignInServer {
  readonly endpoint: string;
  /** Requests to it, as text: path and body. */
  readonly asked: { readonly path: string; readonly body: string; readonly authorization: string }[];
  /** Replaced at will. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  stop(): Promise<void>;
}

/** Google's sign-in services on loopback: hands out `token-1`, `token-2`… until a test says otherwise. */
export async function startSignInServer(): Promise<SignInServer> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      signIn.asked.push({
        path: request.url ?? '',
        body,
        authorization: request.headers.authorization ?? '',
      });
      signIn.answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const signIn: SignInServer = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: (_request, response) =>
      giveJson(response, 200, { access_token: `token-${signIn.asked.length}`, expires_in: 3600 }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return signIn;
}

/** Answers with JSON. */
export function giveJson(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(json));
}

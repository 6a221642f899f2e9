import { createServer } from 'vite';
import react from '@vitejs/plugin-react';
import { join } from 'node:path';

/** The addresses of `session-log browse`: calls, events, and the first one, which carries the token. */
const ITS_ADDRESSES = ['/api/', '/events', '^/\\?token='];

/**
 * Serves the pages from their sources, with hot reload, and proxies everything else to a running `session-log browse`. This bypasses
 * none of its checks: a page still needs the cookie that only a printed token yields.
 * @param {string} root absolute path of the repository
 * @param {number} browsePort where `session-log browse` listens
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export async function developmentPages(root, browsePort) {
  const target = `http://127.0.0.1:${browsePort}`;
  /** @type {import('vite').ProxyOptions} */
  const passOn = {
    target,
    // It answers only to its own host name, and trusts no other origin.
    changeOrigin: true,
    configure: (proxy) => {
      proxy.on('proxyReq', (request) => {
        if (request.getHeader('origin') !== undefined) request.setHeader('origin', target);
      });
    },
  };
  const server = await createServer({
    configFile: false,
    root: join(root, 'renderer'),
    logLevel: 'warn',
    plugins: [react(), startAtBrowser()],
    server: {
      host: '127.0.0.1',
      proxy: Object.fromEntries(ITS_ADDRESSES.map((address) => [address, passOn])),
      fs: { allow: [root] },
    },
  });
  await server.listen();
  return { port: server.config.server.port, close: () => server.close() };
}

/** The built view is at `/`; from the sources it has an address of its own. @returns {import('vite').Plugin} */
function startAtBrowser() {
  return {
    name: 'session-log:start-at-browser',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url !== '/') return next();
        response.writeHead(302, { location: '/browser/index.html' });
        response.end();
      });
    },
  };
}

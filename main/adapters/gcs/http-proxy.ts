/** How the environment routes https addresses. */
export type ProxyWay =
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'proxy';
      /** Without user and password. */
      readonly address: string;
      /** Host and port, for messages. */
      readonly name: string;
      /** For `Proxy-Authorization`; null when the environment names no user. */
      readonly authorization: string | null;
    }
  /** The configured proxy is unusable; bypassing it would break the network's rules. */
  | { readonly kind: 'unusable'; readonly why: string };

/** A failure on the way through a proxy. */
export class ProxyError extends Error {
  /** Host and port; null when the configured proxy is unusable. */
  readonly proxy: string | null;
  /** Its response status; null when it did not respond. */
  readonly status: number | null;
  constructor(proxy: string | null, status: number | null, reason: unknown) {
    super(String(status ?? (reason instanceof Error ? reason.message : reason)), { cause: reason });
    this.proxy = proxy;
    this.status = status;
  }
}

const KINDS = ['http:', 'https:'];

/** Parses the proxy variables. Which hosts `NO_PROXY` exempts is left to the client. */
export function readProxy(environment: NodeJS.ProcessEnv): ProxyWay {
  const variable = named(environment, 'HTTPS_PROXY') === '' ? 'ALL_PROXY' : 'HTTPS_PROXY';
  const text = named(environment, variable);
  if (text === '') return { kind: 'direct' };
  const whole = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(whole)) return { kind: 'unusable', why: `${variable} is no address` };
  const proxy = new URL(whole);
  if (!KINDS.includes(proxy.protocol))
    return { kind: 'unusable', why: `${variable} names a proxy of the kind ${proxy.protocol}//` };
  const user = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  const port = proxy.port === '' ? (proxy.protocol === 'https:' ? '443' : '80') : proxy.port;
  return {
    kind: 'proxy',
    address: `${proxy.protocol}//${proxy.hostname}:${port}`,
    name: `${proxy.hostname}:${port}`,
    authorization: user === ':' ? null : `Basic ${Buffer.from(user).toString('base64')}`,
  };
}

/** A variable in lower or upper case; empty when unset. */
export function named(environment: NodeJS.ProcessEnv, name: string): string {
  return environment[name.toLowerCase()] ?? environment[name] ?? '';
}

/** User names and passwords are often not escaped: anything that is not an escape stands for itself. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

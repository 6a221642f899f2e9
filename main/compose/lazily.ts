/**
 * Wraps a port whose adapter is loaded on the first call: most commands use few, and each costs load time.
 * @param methods the port's methods, all asynchronous
 * @param load creates the adapter; called once
 */
export function lazily<
  T extends { readonly [K in M]: (...args: never[]) => Promise<unknown> },
  M extends keyof T & string,
>(methods: readonly M[], load: () => Promise<T>): Pick<T, M> {
  let loading: Promise<T> | null = null;
  const call =
    (method: M) =>
    async (...args: never[]): Promise<unknown> => {
      loading ??= load();
      const port = await loading;
      return port[method](...args);
    };
  return Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as Pick<T, M>;
}

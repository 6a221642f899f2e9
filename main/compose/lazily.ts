/**
 * A port whose adapter is loaded by its first call: most commands use a few of them, and each costs time to load.
 * @param methods the methods of the port, all asynchronous
 * @param load makes the adapter; called once
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

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { okOf } from '../../testing/store-contract/contract-bench.ts';
import { createTransport } from './gcs-transport.ts';
import { stallWatch, StallError } from './stall-watch.ts';

describe('a request that is watched', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A request on its way, whose head may take 1,000 ms and whose body may stand still for 600. */
  function onItsWay() {
    const ended: Error[] = [];
    const controller = { paused: false, abort: (error: Error) => void ended.push(error) };
    let handler: Dispatcher.DispatchHandler = {};
    const options: Dispatcher.DispatchOptions = { method: 'GET', path: '/', headersTimeout: 1_000 };
    stallWatch(600)((_, given) => {
      handler = given;
      return true;
    })(options, {});
    const ours = controller as unknown as Dispatcher.DispatchController;
    return { ended, controller, ours, on: () => handler };
  }

  it('ends when its head does not come, and not before; what has not begun is not watched', () => {
    const { ended, ours, on } = onItsWay();
    vi.advanceTimersByTime(5_000);
    on().onRequestStart?.(ours, null);
    vi.advanceTimersByTime(999);
    expect(ended).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ended).toEqual([expect.any(StallError)]);
    vi.advanceTimersByTime(5_000);
    expect(ended).toHaveLength(1);
  });

  it('ends when its body stands still, and goes on while bytes come or nobody takes them', () => {
    const { ended, controller, ours, on } = onItsWay();
    on().onRequestStart?.(ours, null);
    vi.advanceTimersByTime(900);
    on().onResponseStart?.(ours, 200, {});
    for (let part = 0; part < 4; part++) {
      vi.advanceTimersByTime(599);
      on().onResponseData?.(ours, Buffer.from('part'));
    }
    controller.paused = true;
    vi.advanceTimersByTime(5_000);
    expect(ended).toEqual([]);
    controller.paused = false;
    vi.advanceTimersByTime(600);
    expect(ended).toEqual([expect.any(StallError)]);
  });

  it.each([
    [
      'its end',
      (one: Dispatcher.DispatchHandler, ours: Dispatcher.DispatchController) => one.onResponseEnd?.(ours, {}),
    ],
    [
      'its failure',
      (one: Dispatcher.DispatchHandler, ours: Dispatcher.DispatchController) =>
        one.onResponseError?.(ours, new Error('reset')),
    ],
  ])('is not watched after %s', (_, end) => {
    const { ended, ours, on } = onItsWay();
    on().onRequestStart?.(ours, null);
    on().onResponseStart?.(ours, 200, {});
    end(on(), ours);
    expect(vi.getTimerCount()).toBe(0);
    expect(ended).toEqual([]);
  });
});

it('is not given up because this process stood still', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '8' });
    response.write('half');
    setTimeout(() => response.end('full'), 50);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = createTransport({ sockets: 1, stallMs: 400 });
  try {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const answer = okOf(
      (await transport.open({
        method: 'GET',
        url,
        headers: {},
        signal: new AbortController().signal,
      })) as never,
    ) as { readonly body: AsyncIterable<Buffer> };
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    let text = '';
    for await (const part of answer.body) text += part.toString();
    expect(text).toBe('halffull');
  } finally {
    transport.close();
    server.close();
  }
});

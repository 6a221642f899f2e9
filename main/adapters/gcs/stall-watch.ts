import type { Dispatcher } from 'undici';

/** Ends a request without progress for the time allowed. */
export class StallError extends Error {
  override readonly name = 'StallError';
}

/** The time allowed is counted in this many parts. */
const PARTS = 20;

/**
 * Ends a request whose head does not arrive within `headersTimeout`, or whose body stalls for `bodyMs`, with a {@link StallError},
 * precisely: undici's timers are up to half a second off either way. Time in which this process itself was suspended (a busy machine, a
 * closed lid) does not count, nor does time in which nobody reads what has arrived.
 * @param bodyMs milliseconds without a byte
 */
export function stallWatch(bodyMs: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => clearInterval(timer);
    const watch = (controller: Dispatcher.DispatchController, ms: number): void => {
      stop();
      let left = PARTS;
      // After a suspension an interval ticks once, however long it was.
      timer = setInterval(() => {
        left = controller.paused ? PARTS : left - 1;
        if (left > 0) return;
        stop();
        controller.abort(new StallError('nothing moved'));
      }, ms / PARTS).unref();
    };
    return dispatch(
      { ...options, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(controller, context) {
          watch(controller, options.headersTimeout ?? bodyMs);
          handler.onRequestStart?.(controller, context);
        },
        onResponseStart(controller, status, headers, message) {
          watch(controller, bodyMs);
          handler.onResponseStart?.(controller, status, headers, message);
        },
        onResponseData(controller, chunk) {
          watch(controller, bodyMs);
          handler.onResponseData?.(controller, chunk);
        },
        onResponseEnd(controller, trailers) {
          stop();
          handler.onResponseEnd?.(controller, trailers);
        },
        onResponseError(controller, error) {
          stop();
          handler.onResponseError?.(controller, error);
        },
      },
    );
  };
}

import type { Dispatcher } from 'undici';

/** What ends a request in which nothing moved for the time allowed. */
export class StallError extends Error {
  override readonly name = 'StallError';
}

/** The time allowed is counted in so many parts of itself. */
const PARTS = 20;

/**
 * Ends a request whose head does not come in its `headersTimeout`, or whose body stands still for `bodyMs`, with a {@link StallError}, in
 * its own time: undici's timers go by the half second, one way or the other. Time in which this process itself stood still (a busy
 * machine, a closed lid) does not count, nor does time in which nobody takes what has come.
 * @param bodyMs milliseconds without a byte
 */
export function stallWatch(bodyMs: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => clearInterval(timer);
    const watch = (controller: Dispatcher.DispatchController, ms: number): void => {
      stop();
      let left = PARTS;
      // After a standstill an interval ticks once, however long that was.
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

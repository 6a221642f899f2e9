import { beforeEach, describe, it, type TestContext } from 'vitest';

/** Ways to declare tests that only some machines can run. */
export interface Only {
  it(name: string, test: (context: TestContext) => unknown, timeout?: number): void;
  describe(name: string, tests: () => void): void;
}

/**
 * Declares tests that only some machines can run; elsewhere each is reported as skipped, with the reason. (`skipIf` gives none.)
 * @param can whether this machine can
 * @param reason what they need, for the report
 */
export function only(can: boolean, reason: string): Only {
  return {
    it: (name, test, timeout) => {
      it(
        name,
        async (context) => {
          context.skip(!can, reason);
          await test(context);
        },
        timeout,
      );
    },
    describe: (name, tests) => {
      describe(name, () => {
        beforeEach(({ skip }) => skip(!can, reason));
        tests();
      });
    },
  };
}

/** What Windows has not: modes, links that anybody may make, pipes in folders, signals. */
export const onPosix = only(process.platform !== 'win32', 'needs a POSIX system');

/** What only Linux shows: `/proc`, names that are no UTF-8. */
export const onLinux = only(process.platform === 'linux', 'needs Linux');

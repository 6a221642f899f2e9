import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Test files that take long although they are short, longest first. Without the results of an earlier run Vitest orders by file size, and
 * one of these running last leaves all workers but one idle.
 */
export const LONGEST: readonly string[] = [
  'e2e/gates/git/kill-points.test.ts',
  'e2e/gates/lock/stress.test.ts',
  'e2e/gates/disk/kill-points.test.ts',
  'e2e/gates/lock/two-processes.test.ts',
  'e2e/gates/git/sessions.test.ts',
  'e2e/gates/git/prompts.test.ts',
  'e2e/gates/lock/kill-steps.test.ts',
  'e2e/gates/lock/negative-controls.test.ts',
  'e2e/gates/lock/three-processes.test.ts',
  'e2e/gates/lock/older-names.test.ts',
  'e2e/cli/canaries.test.ts',
  'e2e/cli/interfaces.test.ts',
  'e2e/cli/remedies-logs.test.ts',
  'e2e/cli/remedies-upkeep.test.ts',
  'e2e/cli/remedies-sealing.test.ts',
  'e2e/cli/remedies-buckets.test.ts',
  'e2e/cli/remedies-commands.test.ts',
  'e2e/cli/npm-package.test.ts',
  'e2e/cli/lock.test.ts',
  'main/adapters/gcs/gcs-faults.test.ts',
  'main/adapters/sqlite/index-model.test.ts',
  'main/adapters/sqlite/index-sharing.test.ts',
];

/** Vitest's own order, after the files known to take long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.indexOf(relative(root, moduleId).replaceAll('\\', '/'));
      return at < 0 ? LONGEST.length : at;
    };
    // Projects stay in place; the sort is stable.
    return (await super.sort(files)).sort((a, b) => (a.project === b.project ? rank(a) - rank(b) : 0));
  }
}

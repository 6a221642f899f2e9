import { describe, expect, it } from 'vitest';
import { pickStages } from './test-stages.mjs';

const all = (): boolean => true;
const none = (): boolean => false;

/** Names of the picked stages, or the problem. */
function names(asked: string[], hasTests: (folder: string, suffix: string) => boolean): string[] | string {
  const picked = pickStages(asked, hasTests);
  return 'problem' in picked ? picked.problem : picked.stages.map(({ name }) => name);
}

describe('pickStages', () => {
  it('runs everything in order', () => {
    expect(names([], all)).toEqual(['build', 'typecheck', 'lint', 'unit', 'cli', 'gates', 'electron', 'web']);
  });

  it('leaves out the stages whose folders hold no test', () => {
    expect(names([], none)).toEqual(['build', 'typecheck', 'lint', 'unit']);
    expect(names([], (folder) => folder === 'e2e/web')).toEqual([
      'build',
      'typecheck',
      'lint',
      'unit',
      'web',
    ]);
  });

  it('runs what was asked for, in its own order, and builds first where that is needed', () => {
    expect(names(['unit'], all)).toEqual(['unit']);
    expect(names(['lint', 'typecheck'], all)).toEqual(['typecheck', 'lint']);
    expect(names(['electron'], all)).toEqual(['build', 'electron']);
    expect(names(['build', 'web'], all)).toEqual(['build', 'web']);
  });

  it('names the stages when it is asked for one that does not exist', () => {
    expect(names(['unti'], all)).toMatch(/^no such stage: unti\. Stages: build, typecheck/);
  });
});

import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { TOOL_NAMES, TOOLS } from './tool-list.ts';

describe('the list of tools', () => {
  it('costs an agent fewer than 600 tokens', () => {
    const tokens = encode(JSON.stringify({ tools: TOOLS })).length;
    expect(tokens).toBeLessThan(600);
    expect(tokens).toBeGreaterThan(300);
  });

  it('has six tools, of which one writes and says so', () => {
    expect(TOOLS.map(({ name }) => name)).toEqual([...TOOL_NAMES]);
    expect(
      TOOLS.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name),
    ).toEqual(['save_log']);
  });

  it('names every required argument among its properties', () => {
    for (const { inputSchema } of TOOLS)
      for (const name of inputSchema.required ?? [])
        expect(Object.keys(inputSchema.properties)).toContain(name);
  });
});

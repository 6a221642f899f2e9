import type { SeededRandom } from '../seeded-random.ts';
import { uuid } from './write-claude-code.ts';
import type { WrittenSession } from './written-session.ts';

type Json = Record<string, unknown>;

/** A session of Copilot CLI with everything a log tells of. @param random decides names and lengths */
export function writeCopilotSession(random: SeededRandom): WrittenSession {
  const id = uuid(random);
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const sha = random.hex(4).slice(0, 7);
  let at = Date.UTC(2026, 6, 19, 23, 0, 0) + random.below(86_400_000);
  let [out, calls] = ['', 0];
  const line = (type: string, data: Json): void => {
    at += 2_000;
    out += `${JSON.stringify({ type, data, id: uuid(random), timestamp: new Date(at).toISOString(), parentId: null })}\n`;
  };
  const tool = (toolName: string, args: Json | string, content: string, more: Json = {}): void => {
    const toolCallId = `call_${id.slice(0, 8)}_${calls++}`;
    line('tool.execution_start', { toolCallId, toolName, arguments: args });
    line('tool.execution_complete', { toolCallId, success: true, result: { content }, ...more });
  };
  line('session.start', {
    sessionId: id,
    version: 1,
    producer: 'copilot-agent',
    copilotVersion: '1.0.102',
    context: { cwd: '/home/ada/harbour', branch: 'main' },
  });
  line('hook.start', { hookType: 'userPromptSubmitted', input: { prompt: `Fix the ${word}, please` } });
  line('user.message', {
    content: `Fix the ${word}, please`,
    transformedContent: `<current_datetime>x</current_datetime>\n\nFix the ${word}, please`,
  });
  line('user.message', {
    content: '',
    transformedContent: '<system_reminder>\nDo not say so\n</system_reminder>',
    source: 'system',
  });
  line('assistant.message', { content: 'I will look.', model: 'gpt-5.6', toolRequests: [] });
  tool('bash', { command: 'npm test' }, '1 failing\n<exited with exit code 1>');
  tool(
    'apply_patch',
    `*** Begin Patch\n*** Update File: src/${word}.ts\n@@\n-one\n+two\n*** End Patch`,
    'Done',
  );
  tool(
    'bash',
    { command: `git commit -am "Fix ${word}"` },
    `[main ${sha}] Fix ${word}\n<shellId: 1 completed with exit code 0>`,
  );
  line('user.message', { content: '', transformedContent: 'And now\nthe rest' });
  line('assistant.message', { content: 'Done.', model: 'gpt-5.6' });
  const usage = { inputTokens: 900, outputTokens: 30, cacheReadTokens: 100, cacheWriteTokens: 0 };
  line('session.shutdown', { modelMetrics: { 'gpt-5.6': { usage } } });
  const main = `session-state/${id}/events.jsonl`;
  return {
    agent: 'copilot',
    version: '1.0.102',
    id,
    main,
    files: new Map([
      [main, out],
      [`session-state/${id}/workspace.yaml`, 'cwd: /home/ada/harbour\n'],
    ]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [`src/${word}.ts`],
      commands: ['npm test', `git commit -am "Fix ${word}"`],
      failedCommands: 1,
      commits: [sha],
      folder: '/home/ada/harbour',
      title: `Fix the ${word}, please`,
      subagents: 0,
      unknownLines: 0,
    },
  };
}

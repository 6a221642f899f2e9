import type { SeededRandom } from '../seeded-random.ts';
import type { WrittenSession } from './written-session.ts';

/** The file that Aider appends every chat to. */
export const AIDER_HISTORY = '.aider.chat.history.md';

/** Writes chats of Aider as it does: its own lines end with two spaces. */
export function aiderWriter() {
  let out = '';
  const writer = {
    /** @param at local time, `YYYY-MM-DD HH:MM:SS` */
    chat(at: string): void {
      out += `\n# aider chat started at ${at}\n\n`;
    },
    prompt(words: string): void {
      out += `\n#### ${words.split('\n').join('  \n#### ').trimEnd()}  \n`;
    },
    says(words: string): void {
      out += `> ${words}  \n`;
    },
    reply(words: string): void {
      out += `\n${words}\n\n`;
    },
    text: () => out,
  };
  return writer;
}

/** A chat with everything a log tells of. Its id is without what the folder adds. @param random decides names and lengths */
export function writeAiderSession(random: SeededRandom): WrittenSession {
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const sha = random.hex(4).slice(0, 7);
  const day = 10 + random.below(18);
  const w = aiderWriter();
  w.chat(`2026-07-${day} 21:03:09`);
  w.says('/home/ada/.local/bin/aider --model sonnet');
  w.says('Aider v0.86.1');
  w.says('Main model: claude-sonnet-5 with diff edit format, infinite output');
  w.says('Git repo: .git with 258 files');
  w.prompt(`Fix the ${word}, please`);
  w.reply(
    `#### What I will do\nI will change it.\n> as you asked\n\nsrc/${word}.ts\n\`\`\`\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE\n\`\`\``,
  );
  w.says('Tokens: 2.1k sent, 30 received. Cost: $0.01 message, $0.01 session.');
  w.says(`Applied edit to src/${word}.ts`);
  w.says(`Commit ${sha} fix: the ${word}`);
  w.prompt('Run shell command? (Y)es/(N)o/(A)ll/(S)kip all [Yes]: all');
  w.says('Running npm test');
  w.prompt('And now\n\nthe rest');
  w.reply('Done.');
  return {
    agent: 'aider',
    version: '0.86.1',
    id: `202607${day}-210309`,
    main: AIDER_HISTORY,
    files: new Map([[AIDER_HISTORY, w.text()]]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\n\nthe rest'],
      changedFiles: [`src/${word}.ts`],
      commands: ['npm test'],
      failedCommands: 0,
      commits: [sha],
      folder: null,
      title: `Fix the ${word}, please`,
      subagents: 0,
      unknownLines: 0,
    },
  };
}

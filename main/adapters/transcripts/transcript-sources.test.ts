import { transcriptSourceContract } from '../../testing/contracts/transcript-source-contract.ts';
import { writeAiderSession } from '../../testing/transcripts/write-aider.ts';
import {
  CLAUDE_VERSIONS,
  writeClaudeSession,
  type ClaudeVersion,
} from '../../testing/transcripts/write-claude-code.ts';
import {
  CODEX_VERSIONS,
  writeCodexSession,
  type CodexVersion,
} from '../../testing/transcripts/write-codex.ts';
import { writeCopilotSession } from '../../testing/transcripts/write-copilot.ts';
import {
  CURSOR_VERSIONS,
  writeCursorSession,
  type CursorVersion,
} from '../../testing/transcripts/write-cursor.ts';
import {
  COMPOSER_VERSIONS,
  writeComposer,
  writeComposers,
  type ComposerVersion,
} from '../../testing/transcripts/write-cursor-database.ts';
import {
  GEMINI_VERSIONS,
  writeGeminiSession,
  type GeminiVersion,
} from '../../testing/transcripts/write-gemini.ts';
import {
  writeOpencode,
  writeOpencodeSession,
  writeSecond,
  writeSecondSession,
  writeStorage,
} from '../../testing/transcripts/write-opencode.ts';
import { createAiderSource } from './aider/aider-source.ts';
import { createClaudeCodeSource } from './claude-code/claude-code-source.ts';
import { createCodexSource } from './codex/codex-source.ts';
import { createCopilotSource } from './copilot/copilot-source.ts';
import { createCursorSource } from './cursor/cursor-source.ts';
import { createGeminiSource } from './gemini/gemini-source.ts';
import { createOpencodeSource } from './opencode/opencode-source.ts';

transcriptSourceContract('Claude Code', {
  versions: CLAUDE_VERSIONS,
  make: createClaudeCodeSource,
  write: (random, version) => writeClaudeSession(random, version as ClaudeVersion),
});

transcriptSourceContract('Codex', {
  versions: CODEX_VERSIONS,
  make: createCodexSource,
  write: (random, version) => writeCodexSession(random, version as CodexVersion),
});

transcriptSourceContract('Gemini CLI', {
  versions: GEMINI_VERSIONS,
  make: createGeminiSource,
  write: (random, version) => writeGeminiSession(random, version as GeminiVersion),
});

transcriptSourceContract('Copilot CLI', {
  versions: ['1.0.102'],
  make: createCopilotSource,
  write: writeCopilotSession,
});

transcriptSourceContract('Cursor', {
  versions: CURSOR_VERSIONS,
  make: (roots, answers) => createCursorSource(roots, [], answers),
  write: (random, version) => writeCursorSession(random, version as CursorVersion),
});

transcriptSourceContract('Cursor, the database of its editor', {
  versions: COMPOSER_VERSIONS,
  make: (roots, answers) => createCursorSource([], roots, answers),
  write: (random, version) => writeComposer(random, version as ComposerVersion),
  intoDatabase: writeComposers,
  comesBack: 'never',
});

transcriptSourceContract('opencode', {
  versions: ['1.2.0'],
  make: (roots, answers) => createOpencodeSource(roots, answers),
  write: writeOpencodeSession,
  intoDatabase: writeOpencode,
  comesBack: 'import',
});

transcriptSourceContract('opencode 2', {
  versions: ['2.0.12'],
  make: (roots, answers) => createOpencodeSource(roots, answers),
  write: writeSecondSession,
  intoDatabase: writeSecond,
  comesBack: 'import',
});

transcriptSourceContract('opencode before 1.2', {
  versions: ['1.1.0'],
  make: (roots, answers) => createOpencodeSource(roots, answers),
  write: writeOpencodeSession,
  intoDatabase: writeStorage,
  comesBack: 'import',
});

transcriptSourceContract('Aider', {
  versions: ['0.86.1'],
  make: (roots, answers) => createAiderSource(roots, answers),
  write: writeAiderSession,
  isNamedByRoot: true,
});

import { describe, expect, it } from 'vitest';
import { agentSession } from './agent-session.ts';
import { editorTemplate, readEditorText } from './editor-text.ts';
import { SECTIONS } from '../../../shared/domain/log-text/sections.ts';

describe('what a person writes into the editor', () => {
  const template = editorTemplate('DNS');

  it('starts with every section but the block', () => {
    expect(template.match(/^## (.*)$/gm)).toEqual(SECTIONS.slice(1).map((name) => `## ${name}`));
  });

  it('is nothing when only the template is left, also with Windows line breaks', () => {
    expect(readEditorText(template)).toBe('');
    expect(readEditorText(template.replaceAll('\n', '\r\n'))).toBe('');
    expect(readEditorText('')).toBe('');
    expect(readEditorText('# Only a title\n')).toBe('');
  });

  it('keeps the title and what was filled in', () => {
    const text = template
      .replace(/<!-- write: decisions.*-->/, '- kept')
      .replace('# Session Log — DNS', '# Mail');
    expect(readEditorText(text)).toBe('# Mail\n\n## Key Decisions\n\n- kept\n\n');
    expect(readEditorText('Just words.\n')).toBe('Just words.\n');
    expect(readEditorText('## Key Decisions\n\nx\n')).toBe('## Key Decisions\n\nx\n');
  });
});

describe('the session of an agent', () => {
  it('is the one named, else the most trusted variable that says something', () => {
    expect(agentSession('s-1', { CLAUDE_SESSION_ID: 'x' })).toBe('s-1');
    expect(agentSession('', { CLAUDE_SESSION_ID: 'x', CODEX_THREAD_ID: 'y' })).toBe('x');
    expect(agentSession(undefined, { CLAUDE_CODE_SESSION_ID: '', CODEX_THREAD_ID: 'y' })).toBe('y');
    expect(agentSession(undefined, { CLAUDE_SESSION_ID: 'x', SESSION_LOG_SESSION: 'mine' })).toBe('mine');
    expect(agentSession(undefined, {})).toBeNull();
  });
});

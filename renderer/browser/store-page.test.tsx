import { render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { testPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld('#/settings/store');

describe('the store in the settings', () => {
  it('keeps what was typed while another view is looked at, until it is discarded', async () => {
    const user = userEvent.setup();
    render(<BrowserApp link={testPage().link} />);
    const bucket = await screen.findByRole('textbox', { name: 'Bucket' });
    const before = (bucket as HTMLInputElement).value;
    await user.clear(bucket);
    await user.type(bucket, 'gs://other-logs');
    await user.click(screen.getByRole('link', { name: /^Logs/ }));
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Bucket' })).toBeNull());
    window.location.hash = '#/settings/store';
    const again = await screen.findByRole('textbox', { name: 'Bucket' });
    expect(again).toHaveProperty('value', 'gs://other-logs');
    await user.click(screen.getByRole('button', { name: 'Discard changes' }));
    expect(again).toHaveProperty('value', before);
  });
});

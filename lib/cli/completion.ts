import type { Command } from './command.ts';

/** `sluice completion <shell>`. */
export const completion: Command = {
  name: 'completion',
  summary: 'Print completion for bash, zsh or fish',
  about: ['The commands and options of this version. Nothing is installed: the shell\'s start-up file reads it.'],
  arguments: [{ name: 'shell', summary: 'a shell: bash, zsh or fish', words: ['bash', 'zsh', 'fish'] }],
  options: [],
  examples: [
    { line: 'source <(sluice completion bash)', does: 'in ~/.bashrc' },
    { line: 'source <(sluice completion zsh)', does: 'in ~/.zshrc, after compinit' },
    { line: 'sluice completion fish | source', does: 'in ~/.config/fish/config.fish' },
  ],
  run: async (given, tell) => (await import('./acts/completion.ts')).completion(given, tell),
};

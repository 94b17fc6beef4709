export type Theme = 'light' | 'dark' | 'system';

function stored(): Theme {
  const value = typeof localStorage === 'undefined' ? null : localStorage.getItem('theme');
  return value === 'light' || value === 'dark' ? value : 'system';
}

class ThemeChoice {
  #current = $state<Theme>(stored());

  get current(): Theme {
    return this.#current;
  }

  /** Kept in this browser; src/boot/boot.js puts it to work before the first paint of the next visit. */
  choose(next: Theme): void {
    this.#current = next;
    if (next === 'system') {
      localStorage.removeItem('theme');
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem('theme', next);
      document.documentElement.dataset.theme = next;
    }
  }

  /** What is shown now: the map and other parts that draw themselves need it. */
  get isDark(): boolean {
    return this.#current === 'dark' || (this.#current === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  }
}

export const theme = new ThemeChoice();

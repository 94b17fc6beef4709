declare global {
  interface Window {
    /** Answers that src/boot/boot.js asked for before the modules were there, by address. */
    __early?: Map<string, Promise<Response>>;
  }
}

export {};

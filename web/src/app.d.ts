declare global {
  interface Window {
    /** Answers that src/boot/boot.js asked for before the modules were there, by address. */
    __early?: Map<string, Promise<Response>>;
    /** Asks for what the next page of somebody who has just signed in begins with; of the same script. */
    __startNext?: () => void;
  }
}

export {};

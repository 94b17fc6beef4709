import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import sharp from 'sharp';

const kDimension = 512;
const kWords: Record<string, number[]> = { red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1] };

/** The text of a vector whose first numbers are `head`, as the original's service writes it. */
function vector(head: number[]): string {
  return JSON.stringify([...head, ...Array.from({ length: kDimension - head.length }, () => 0)]);
}

/** What kind of picture it is: the strongest of red, green, blue. */
function colourOf(mean: number[]): 'red' | 'green' | 'blue' {
  const [r = 0, g = 0, b = 0] = mean;
  return r >= g && r >= b ? 'red' : g >= b ? 'green' : 'blue';
}

/** A flat picture of a colour with its own checksum. */
export async function coloured(r: number, g: number, b: number): Promise<Buffer> {
  const noise = Math.floor(Math.random() * 0xffff_ffff).toString(16);
  return sharp({ create: { width: 400, height: 300, channels: 3, background: { r, g, b } } })
    .withExif({ IFD0: { Copyright: noise } })
    .jpeg()
    .toBuffer();
}

/**
 * Stands for the machine-learning service, another program: it sees nothing but colours. Red and green pictures have a face,
 * blue ones a line of text, green ones a bicycle.
 */
export class FakeMachineLearning {
  /** Requests by task, `clip/visual`, in order. */
  readonly asked: string[] = [];
  /** When set, every prediction is answered with this status. */
  failure: number | undefined;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  static async start(): Promise<FakeMachineLearning> {
    const fake = new FakeMachineLearning();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/ping') {
      response.end('pong');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    if (this.failure) {
      response.writeHead(this.failure).end('no');
      return;
    }
    const form = await new Response(Buffer.concat(chunks), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    const entries = JSON.parse(form.get('entries') as string) as Record<string, Record<string, unknown>>;
    const image = form.get('image') as File | null;
    const body: Record<string, unknown> = {};
    let mean: number[] = [];
    if (image) {
      const picture = sharp(Buffer.from(await image.arrayBuffer()));
      const { width, height } = await picture.metadata();
      mean = (await picture.stats()).channels.map((channel) => channel.mean);
      body['imageWidth'] = width;
      body['imageHeight'] = height;
    }
    for (const [task, types] of Object.entries(entries)) {
      this.asked.push(`${task}/${Object.keys(types).join('+')}`);
      body[task] = this.predict(task, mean, (form.get('text') as string | null) ?? '', body['imageWidth'] as number);
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  }

  private predict(task: string, mean: number[], text: string, width: number): unknown {
    const colour = colourOf(mean);
    switch (task) {
      case 'clip': {
        return vector(mean.length > 0 ? mean.map((value) => value / 255) : (kWords[text] ?? [1, 1, 1]));
      }
      case 'facial-recognition': {
        const boundingBox = { x1: width / 4, y1: 40, x2: width / 2, y2: 140 };
        const embedding = vector(colour === 'red' ? [1, 0.01] : [0, 1, 0.01]);
        return colour === 'blue' ? [] : [{ boundingBox, embedding, score: 0.9 }];
      }
      case 'ocr': {
        return colour === 'blue'
          ? { text: ['Grand Central'], box: [0.1, 0.1, 0.9, 0.1, 0.9, 0.3, 0.1, 0.3], boxScore: [0.9], textScore: [0.95] }
          : { text: [], box: [], boxScore: [], textScore: [] };
      }
      case 'object-detection': {
        return colour === 'green'
          ? [{ label: 'bicycle', score: 0.8, boundingBox: { x1: 0, y1: 0, x2: width / 2, y2: 100 } }]
          : [];
      }
      default: {
        throw new Error(`unknown task ${task}`);
      }
    }
  }
}

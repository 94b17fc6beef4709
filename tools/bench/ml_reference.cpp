// What ./dev bench ml compares with: the runtime alone. Opens a graph with one image input, runs it on random pixels
// from some threads and prints `<milliseconds> <cpu milliseconds>`.
//
// usage: ml_reference LIBRARY MODEL RUNS CONNECTIONS THREADS SPINNING
#include <dlfcn.h>
#include <onnxruntime_c_api.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

const OrtApi* api = nullptr;

void Check(OrtStatus* status) {
  if (status == nullptr) return;
  std::fprintf(stderr, "ml_reference: %s\n", api->GetErrorMessage(status));
  std::exit(1);
}

double CpuMilliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_usec);
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

/// The session of a graph with the runtime's defaults but for its threads: how many, and whether they spin while they
/// wait (the default, good on an idle machine).
OrtSession* Open(const char* model, int threads, const char* spinning) {
  OrtEnv* env = nullptr;
  Check(api->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "reference", &env));
  OrtSessionOptions* options = nullptr;
  Check(api->CreateSessionOptions(&options));
  Check(api->SetIntraOpNumThreads(options, threads));
  Check(api->SetInterOpNumThreads(options, 1));
  Check(api->AddSessionConfigEntry(options, "session.intra_op.allow_spinning", spinning));
  OrtSession* session = nullptr;
  Check(api->CreateSession(env, model, options, &session));
  return session;
}

void RunOnce(OrtSession* session, const char* input_name, const char* output_name, std::vector<float>& pixels) {
  const int64_t shape[] = {1, 3, 224, 224};
  OrtMemoryInfo* memory = nullptr;
  Check(api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory));
  OrtValue* input = nullptr;
  Check(api->CreateTensorWithDataAsOrtValue(memory, pixels.data(), pixels.size() * sizeof(float), shape, 4,
                                            ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &input));
  OrtValue* output = nullptr;
  Check(api->Run(session, nullptr, &input_name, &input, 1, &output_name, 1, &output));
  api->ReleaseValue(output);
  api->ReleaseValue(input);
  api->ReleaseMemoryInfo(memory);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  void* library = dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) {
    std::fprintf(stderr, "ml_reference: %s\n", dlerror());
    return 1;
  }
  api = reinterpret_cast<const OrtApiBase* (*)()>(dlsym(library, "OrtGetApiBase"))()->GetApi(ORT_API_VERSION);
  const int runs = std::atoi(argv[3]), connections = std::atoi(argv[4]);
  OrtSession* session = Open(argv[2], std::atoi(argv[5]), argv[6]);
  OrtAllocator* allocator = nullptr;
  Check(api->GetAllocatorWithDefaultOptions(&allocator));
  char *input_name = nullptr, *output_name = nullptr;
  Check(api->SessionGetInputName(session, 0, allocator, &input_name));
  Check(api->SessionGetOutputName(session, 0, allocator, &output_name));
  std::atomic<int> left = 0;
  const auto run = [&] {
    std::vector<float> pixels(3 * 224 * 224);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<float>(i % 255) / 127.5f - 1;
    while (left-- > 0) RunOnce(session, input_name, output_name, pixels);
  };
  const auto run_all = [&](int count) {
    left = count;
    std::vector<std::jthread> threads;
    for (int i = 0; i < connections; ++i) threads.emplace_back(run);
  };
  run_all(2 * connections);
  const auto start = std::chrono::steady_clock::now();
  const double cpu_start = CpuMilliseconds();
  run_all(runs);
  const std::chrono::duration<double, std::milli> duration = std::chrono::steady_clock::now() - start;
  std::printf("%.1f %.1f\n", duration.count(), CpuMilliseconds() - cpu_start);
  std::fflush(stdout);
  std::quick_exit(0);  // the runtime's objects go with the process
}

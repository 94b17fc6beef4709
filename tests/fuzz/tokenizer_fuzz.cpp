#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ml/text/tokenizer.hpp"
#include "ml/text/tokenizer_error.hpp"

// A tokenizer.json, then after a NUL the text to encode.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\0');
  const std::string_view text = end == std::string_view::npos ? "a photo of a cat" : input.substr(end + 1);
  try {
    immich::ml::Tokenizer::FromJson(input.substr(0, end)).Encode(text, 77);
  } catch (const immich::ml::TokenizerError&) {
  }
  return 0;
}

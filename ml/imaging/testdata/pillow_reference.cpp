#include "ml/imaging/testdata/pillow_reference.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace immich::ml::testing {

bool HasPillow() {
  static const bool has = std::system("/usr/bin/python3 -c 'import PIL.Image' 2>/dev/null") == 0;
  return has;
}

std::string AskPillow(const std::string& arguments) {
  const std::string command = "/usr/bin/python3 ml/imaging/testdata/pillow_reference.py " + arguments;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string output;
  std::array<char, 65536> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), got);
  return pclose(pipe) == 0 ? output : std::string();
}

}  // namespace immich::ml::testing

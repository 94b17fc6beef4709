#include "api/codec/contract_writer.hpp"

namespace immich::api {

void WriteEnum(std::string& out, const EnumTable& table, std::size_t index) {
  if (table.numeric) {
    out.append(table.names[index]);
  } else {
    json::AppendString(out, table.names[index]);
  }
}

}  // namespace immich::api

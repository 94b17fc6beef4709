#pragma once

#include <string_view>

namespace immich::ml {

/// The FLORES-200 code (`deu_Latn`) of a language of the user interface (`de`, `pt-BR`, `zh_Hant`): the whole code,
/// else without its region, else `eng_Latn`.
std::string_view FloresLanguage(std::string_view language);

}  // namespace immich::ml

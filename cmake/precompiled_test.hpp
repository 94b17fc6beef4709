#pragma once

#include "cmake/precompiled_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

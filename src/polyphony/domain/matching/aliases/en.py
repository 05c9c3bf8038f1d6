"""English given names: sex, the name as in documents, what people call its bearer."""

GROUPS = """
m Abraham Abe Bram
m Albert Al Bert Bertie
m Alexander Alex Al Sandy Xander Alec Lex
m Alfred Alf Alfie Fred
m Andrew Andy Drew
m Anthony Tony Ant Antony
m Arthur Art Artie
m Benjamin Ben Benny Benji
m Bernard Bernie Barney
m Bradley Brad
m Calvin Cal
m Charles Charlie Chuck Chas Chaz
m Christian Chris
m Christopher Chris Kit Topher
m Clifford Cliff
m Cornelius Neil Connie
m Daniel Dan Danny
m David Dave Davy Davey
m Dennis Den Denny
m Donald Don Donny
m Douglas Doug Dougie
m Edmund Ed Ted Ned
m Edward Ed Eddie Ted Teddy Ned
m Edwin Ed Eddie Win
m Elijah Eli Lige
m Eugene Gene
m Ezekiel Zeke
m Francis Frank Frankie Fran
m Franklin Frank
m Frederick Fred Freddie Rick Fritz
m Gabriel Gabe
m Geoffrey Geoff Jeff
m George Georgie Geordie
m Gerald Gerry Jerry
m Gregory Greg Gregg
m Harold Harry Hal
m Henry Harry Hank Hal
m Herbert Herb Bert
m Howard Howie
m Isaac Ike Zac
m Jacob Jake Jay
m James Jim Jimmy Jamie Jem
m Jeffrey Jeff
m Jeremy Jerry Jez
m Jerome Jerry
m John Jack Johnny Jon Jackie
m Jonathan Jon Jonny Nathan
m Joseph Joe Joey Jo
m Joshua Josh
m Kenneth Ken Kenny
m Lawrence Larry Laurie Lars
m Leonard Len Lenny Leo
m Leslie Les
m Lewis Lew Lou
m Louis Lou Louie
m Martin Marty
m Matthew Matt Matty
m Maxwell Max
m Maximilian Max
m Michael Mike Mick Mickey Micky Mikey
m Mitchell Mitch
m Nathaniel Nat Nathan Nate
m Nicholas Nick Nicky Nico Klaus
m Norman Norm
m Oliver Ollie Noll
m Oscar Ossie
m Patrick Pat Paddy Rick
m Peter Pete
m Philip Phil Pip
m Randolph Randy
m Raymond Ray
m Reginald Reg Reggie
m Richard Rick Dick Rich Richie Ricky
m Robert Bob Rob Bobby Robbie Bert
m Roger Rodge
m Roland Roly
m Ronald Ron Ronnie
m Russell Russ Rusty
m Samuel Sam Sammy
m Stanley Stan
m Stephen Steve Steph Stevie
m Steven Steve Stevie
m Terence Terry Tel
m Theodore Ted Theo Teddy
m Thomas Tom Tommy
m Timothy Tim Timmy
m Vincent Vince Vinny
m Walter Walt Wally
m Wilfred Wilf Fred
m William Bill Will Billy Willy Liam
m Zachary Zach Zack Zac
f Abigail Abby Gail
f Alexandra Alex Sandra Lexi Sandy
f Alice Ally Lissie
f Amanda Mandy Manda
f Angela Angie
f Ann Annie Nan Anne Anna
f Barbara Barb Babs Barbie
f Beatrice Bea Trixie
f Bernadette Bernie
f Bridget Biddy Bridie
f Caroline Carol Carrie Caro
f Catherine Cathy Kate Katie Cath Kitty
f Charlotte Lottie Charlie Lotte
f Christina Chris Tina Chrissy
f Christine Chris Chrissy Tina
f Clara Clare
f Deborah Debbie Deb Debra
f Diana Di
f Dorothy Dot Dottie Dolly
f Eleanor Ellie Nell Nora Ella
f Elizabeth Liz Beth Betty Lizzie Eliza Libby Elsie Bess
f Ellen Nell Ellie
f Emily Em Emmy Millie
f Emma Em Emmy
f Evelyn Evie Eve
f Florence Flo Florrie
f Frances Fran Fanny Frankie
f Gabrielle Gabby
f Georgina Georgie Gina
f Gertrude Gertie Trudy
f Gillian Jill Gill
f Grace Gracie
f Gwendolyn Gwen Wendy
f Harriet Hattie Harry
f Helen Nell Nellie Lena
f Isabella Bella Izzy Isabel
f Jacqueline Jackie
f Jane Janie Jenny
f Janet Jan
f Jennifer Jen Jenny Jenna
f Jessica Jess Jessie
f Joanna Jo Joan
f Josephine Jo Josie
f Judith Judy Jude
f Julia Julie Jules
f Katherine Kate Kathy Katie Kay Kit Kitty Kat
f Kathleen Kathy Kath
f Kimberly Kim Kimmy
f Laura Laurie Lori
f Lillian Lily Lil
f Louise Lou
f Lucinda Lucy Cindy
f Madeline Maddie
f Margaret Maggie Peggy Meg Marge Greta Daisy Rita
f Martha Mattie Patty
f Mary Molly Polly May Mamie Maria
f Matilda Tilly Mattie
f Megan Meg
f Melanie Mel
f Melissa Mel Missy Lissa
f Michelle Shelly Chelle
f Miranda Randy Mandy
f Nancy Nan
f Natalie Nat
f Nicole Nicky Nikki
f Olivia Liv Livvy
f Pamela Pam
f Patricia Pat Patsy Trish Patty Tricia
f Penelope Penny
f Philippa Pippa Pip
f Priscilla Prissy Cilla
f Rachel Rach
f Rebecca Becky Becca
f Rosemary Rosie Rose
f Samantha Sam Sammy
f Sarah Sally Sadie
f Sophia Sophie
f Stephanie Steph
f Susan Sue Susie Suzy Susanna
f Tamara Tammy
f Teresa Terry Tess Tracy
f Theresa Terry Tess
f Valerie Val
f Vanessa Nessa
f Veronica Ronnie Vera
f Victoria Vicky Tori
f Virginia Ginny Ginger
f Winifred Winnie Freda
f Yvonne Vonnie
f Zoe Zo
"""
